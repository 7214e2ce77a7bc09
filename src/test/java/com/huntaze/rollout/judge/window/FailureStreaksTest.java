package com.huntaze.rollout.judge.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures in a row, which are one event, and failures among successes, which are a rate. */
class FailureStreaksTest {
  private static final Thresholds LIMITS = Thresholds.of(Health.DEFAULTS);

  private final FailureStreaks streaks = new FailureStreaks();
  private final List<ObservationCounter> sources = new ArrayList<>();

  private ObservationCounter source() {
    ObservationCounter source = new ObservationCounter("loop-" + sources.size(), LIMITS, streaks);
    source.began("1-a", 0);
    sources.add(source);
    return source;
  }

  private static Observation open(ObservationCounter source, long user) {
    return source.open(Provider.FOUNDRY, "1-a", 0, Requester.of(user), true);
  }

  private static void end(Observation observation, boolean success) {
    observation.settle(success, 10, 1_000, "gpt");
  }

  private long seenErrors() {
    return sum(Counter.SEEN_ERRORS);
  }

  private long sum(Counter counter) {
    return sources.stream()
        .flatMap(source -> source.rows().stream())
        .mapToLong(row -> row.foundry().totals().sampled().get(counter))
        .sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16})
  void ofThirtyFailuresInARowThreeCountOverAllLoopsTogether(int loops) {
    for (int i = 0; i < loops; i++) {
      source();
    }
    end(open(sources.get(0), 1), true);
    for (int i = 0; i < 30; i++) {
      end(open(sources.get(i % loops), 100 + i), false);
    }
    assertThat(seenErrors()).as("nothing is known yet").isZero();
    for (ObservationCounter source : sources) {
      end(open(source, 2), true);
    }
    assertThat(seenErrors()).isEqualTo(3);
    assertThat(sum(Counter.ERRORS)).isEqualTo(30);
  }

  @Test
  void failuresThatEndAfterALaterSuccessAreOneRowToo() {
    ObservationCounter source = source();
    List<Observation> slow = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      slow.add(open(source, 100 + i));
    }
    end(open(source, 1), true);
    slow.forEach(each -> end(each, false));
    assertThat(seenErrors()).isEqualTo(3);
  }

  @Test
  void failuresAmongSuccessesAllCount() {
    ObservationCounter source = source();
    for (int i = 0; i < 100; i++) {
      end(open(source, i), i % 2 == 0);
    }
    end(open(source, 1_000), true);
    assertThat(seenErrors()).isEqualTo(50);
    assertThat(sum(Counter.SEEN)).isEqualTo(101);
  }

  /** Failures are fast and successes slow: in the order of their ends they stand together. */
  @Test
  void ofHalfTheRequestsFailingFarMoreThanATenthCountsThoughSuccessesAreSlow() {
    ObservationCounter source = source();
    SplittableRandom random = new SplittableRandom(1);
    List<Observation> underWay = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Observation next = open(source, i);
      if (random.nextBoolean()) {
        end(next, false);
      } else {
        underWay.add(next);
      }
      if (underWay.size() > 20) {
        end(underWay.remove(0), true);
      }
    }
    assertThat(seenErrors()).isGreaterThan(350);
  }

  @Test
  void whatAnOpenedBreakersTrialHasAnsweredForNeverCounts() {
    ObservationCounter source = source();
    end(open(source, 1), true);
    for (int i = 0; i < 10; i++) {
      end(open(source, 100 + i), false);
    }
    source.sweep(0, 7, true);
    source.sweep(20_000, 8, false);
    assertThat(seenErrors()).isZero();
    source.sweep(31_000, 10, true);
    end(open(source, 2), true);
    assertThat(seenErrors()).isZero();
  }

  @Test
  void anOutageOfFiveSecondsCountsWholeWhereTheBreakerStaysClosed() {
    ObservationCounter source = source();
    for (int i = 0; i < 10; i++) {
      end(open(source, 100 + i), false);
    }
    source.sweep(0, 7, true);
    source.sweep(4_999, 7, true);
    assertThat(seenErrors()).isZero();
    source.sweep(5_000, 7, true);
    assertThat(seenErrors()).isEqualTo(10);
  }

  @Test
  void whatWasUnderWayAtAnOpeningCountsInTheTotalsAlone() {
    ObservationCounter source = source();
    Observation late = open(source, 1);
    late.dependent();
    end(late, false);
    end(open(source, 2), true);
    assertThat(seenErrors()).isZero();
    assertThat(sum(Counter.ERRORS)).isEqualTo(1);
  }

  @Test
  void failuresOfAUserWhoIsNoSampleTakeNobodysPlace() {
    ObservationCounter source = source();
    end(open(source, 1), true);
    for (int i = 0; i < 10; i++) {
      Observation again = source.open(Provider.FOUNDRY, "1-a", 0, Requester.of(7), false);
      end(again, false);
    }
    end(open(source, 8), false);
    end(open(source, 2), true);
    assertThat(seenErrors()).isEqualTo(1);
  }
}
