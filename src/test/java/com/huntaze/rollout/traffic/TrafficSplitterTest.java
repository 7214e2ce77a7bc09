package com.huntaze.rollout.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficSplitterTest {
  private final TrafficSplitter splitter =
      new TrafficSplitter("rollout", new GoldenRatioSequence(0));

  @ParameterizedTest
  @ValueSource(ints = {-1, 101, 130, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void refusesAPercentageOutOfRange(int percentage) {
    assertThatThrownBy(() -> splitter.updatePercentage(percentage))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("percentage: %d (expected: 0..100)".formatted(percentage));
  }

  @Test
  void sendsNothingToFoundryAtZeroAndEverythingAtHundred() {
    assertThat(IntStream.range(0, 1_000).filter(i -> splitter.shouldUseFoundry(null))).isEmpty();
    splitter.updatePercentage(100);
    assertThat(IntStream.range(0, 1_000).allMatch(i -> splitter.shouldUseFoundry(null))).isTrue();
    assertThat(IntStream.range(0, 1_000).allMatch(i -> splitter.shouldUseFoundry("user-" + i)))
        .isTrue();
  }

  @Test
  void keepsAKeyOnItsSide() {
    splitter.updatePercentage(50);
    boolean side = splitter.shouldUseFoundry("user-7");
    assertThat(IntStream.range(0, 100).allMatch(i -> splitter.shouldUseFoundry("user-7") == side))
        .isTrue();
  }

  @Test
  void movesNobodyBackWhenTheShareGrows() {
    for (int i = 0; i < 2_000; i++) {
      splitter.updatePercentage(10);
      boolean early = splitter.shouldUseFoundry("user-" + i);
      splitter.updatePercentage(50);
      assertThat(splitter.shouldUseFoundry("user-" + i) || !early).isTrue();
    }
  }

  @Test
  void countsWhatItDid() {
    splitter.updatePercentage(50);
    IntStream.range(0, 1_000).forEach(i -> splitter.shouldUseFoundry(null));
    TrafficMetrics metrics = splitter.metrics();
    assertThat(metrics.percentage()).isEqualTo(50);
    assertThat(metrics.total()).isEqualTo(1_000);
    assertThat(metrics.foundryShare()).isBetween(0.49, 0.51);
    assertThat(metrics.plus(metrics).foundry()).isEqualTo(2 * metrics.foundry());
  }

  @Test
  void showsAShareOfZeroWithoutData() {
    assertThat(splitter.metrics().foundryShare()).isZero();
  }
}
