package com.huntaze.rollout.judge.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Health;
import org.junit.jupiter.api.Test;

class AdaptiveWindowTest {
  private static final Metric METRIC = Metric.COST_PER_REQUEST;

  private static final int SECONDS = 10;
  private static final int MOST = SECONDS + 2 * AdaptiveWindow.EXACT;

  @Test
  void theOlderHalfOfTheOldSecondsIsCoalescedInPairsAndNothingIsLost() {
    AdaptiveWindow window = new AdaptiveWindow(SECONDS, 1_000_000_000, METRIC);
    for (int second = 0; second < MOST; second++) {
      window.add(second, counts(1, 2, 3));
      window.expire(second);
    }
    assertThat(window.size()).isEqualTo(MOST);
    window.add(MOST, counts(1, 2, 3));
    window.expire(MOST);
    assertThat(window.size()).isEqualTo(MOST + 1 - AdaptiveWindow.EXACT / 2);
    assertThat(window.counts().get(METRIC.denominator())).isEqualTo(MOST + 1);
    assertThat(window.counts().get(METRIC.numerator())).isEqualTo(2L * (MOST + 1));
    assertThat(window.counts().get(METRIC.beside())).isEqualTo(3L * (MOST + 1));
  }

  @Test
  void aSecondLeavesWhenItIsAsOldAsTheWindowAndIsNotNeededForN() {
    AdaptiveWindow window = new AdaptiveWindow(SECONDS, 2, METRIC);
    window.add(0, counts(1, 1, 0));
    window.add(1, counts(1, 1, 0));
    window.add(2, counts(1, 1, 0));
    window.expire(9);
    assertThat(window.counts().get(METRIC.denominator())).isEqualTo(3);
    window.expire(10);
    assertThat(window.counts().get(METRIC.denominator())).isEqualTo(2);
    window.expire(100);
    assertThat(window.counts().get(METRIC.denominator())).isEqualTo(2);
  }

  @Test
  void aNumeratorThatDoesNotFitIsTheLargestLongAndShrinksAgain() {
    long large = (long) Integer.MAX_VALUE << 32;
    AdaptiveWindow window = new AdaptiveWindow(SECONDS, 1, METRIC);
    window.add(0, counts(1, large, 0));
    assertThat(window.counts().get(METRIC.numerator())).isEqualTo(large);
    window.add(1, counts(1, 1L << 32, 0));
    assertThat(window.counts().get(METRIC.numerator())).isEqualTo(Long.MAX_VALUE);
    window.expire(10);
    assertThat(window.counts().get(METRIC.numerator())).isEqualTo(1L << 32);
  }

  private static Counts counts(long n, long x, long y) {
    return Health.counts(METRIC, n, x).with(METRIC.beside(), y);
  }
}
