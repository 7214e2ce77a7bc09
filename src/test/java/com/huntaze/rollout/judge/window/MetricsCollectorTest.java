package com.huntaze.rollout.judge.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.Freshness;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsCollectorTest {
  private static final Thresholds LIMITS = Thresholds.of(Health.DEFAULTS);

  private final MetricsCollector collector =
      new MetricsCollector(Duration.ofMinutes(5), 2_000, Duration.ofSeconds(5));

  MetricsCollectorTest() {
    collector.stageBegan("1-a", 0, 0);
  }

  @Test
  void aLiveSourceThatFallsSilentIsStaleAndNamed() {
    collector.take(row("one", 1, 0, 1), 1_000);
    collector.take(row("two", 1, 0, 1), 4_000);
    collector.tick(6_000, false);
    assertThat(collector.freshness().isFresh()).isTrue();
    collector.tick(6_001, false);
    assertThat(collector.freshness().stale()).containsExactly("one");
    assertThat(collector.freshness().isFresh()).isFalse();
  }

  @Test
  void aSourceThatSaidGoodbyeIsNotStaleAndKeepsItsCounts() {
    collector.take(row("one", 1, 0, 7), 1_000);
    collector.take(row("two", 1, 0, 1), 1_000);
    collector.retire("one");
    collector.take(row("two", 2, 0, 1), 60_000);
    collector.tick(60_000, false);
    assertThat(collector.freshness().isFresh()).isTrue();
    assertThat(collector.freshness().sources()).isEqualTo(1);
    assertThat(observed()).isEqualTo(8);
  }

  @Test
  void aLateRowDoesNotReviveASourceThatSaidGoodbye() {
    collector.retire("one");
    collector.take(row("one", 1, 0, 7), 1_000);
    collector.tick(1_000, false);
    assertThat(collector.freshness().sources()).isZero();
    assertThat(observed()).isEqualTo(7);
  }

  /** A member that is cut off again and again goes each time, and comes back. */
  @Test
  void aSourceThatGoesTwiceIsNotCountedTwice() {
    collector.take(row("one", 1, 0, 7), 1_000);
    collector.tick(1_000, false);
    collector.retire("one");
    collector.retire("one");
    collector.take(row("one", 2, 0, 9), 2_000);
    collector.tick(2_000, false);
    assertThat(observed()).isEqualTo(9);
  }

  @Test
  void withoutAnySourceNothingIsFresh() {
    collector.tick(1_000, false);
    assertThat(collector.freshness().isFresh()).isFalse();
  }

  @Test
  void anOldRowIsNoSignOfLife() {
    MetricsRow old = row("one", 1, 0, 1);
    collector.take(old, 0);
    collector.take(old, 9_000);
    collector.tick(9_000, false);
    assertThat(collector.freshness().stale()).containsExactly("one");
  }

  @Test
  void aRowOfAnEpochThatHasNotBegunHereIsASignOfLifeAndNothingElse() {
    collector.take(Health.row("one", 1, "2-a", 0, ones(5)), 1_000);
    collector.tick(1_000, false);
    assertThat(collector.freshness().isFresh()).isTrue();
    assertThat(observed()).isZero();
    collector.stageBegan("2-a", 0, 1_500);
    collector.take(Health.row("one", 2, "2-a", 0, ones(6)), 2_000);
    collector.tick(2_000, false);
    assertThat(observed()).isEqualTo(6);
  }

  @Test
  void whatAStageHadCountsNotAgainWhenTheCanaryComesBackToIt() {
    collector.take(row("one", 1, 0, 100), 1_000);
    collector.tick(1_000, false);
    collector.stageBegan("1-a", 1, 2_000);
    collector.take(row("one", 2, 0, 120), 3_000);
    collector.tick(3_000, false);
    assertThat(observed()).isZero();
    collector.stageBegan("1-a", 0, 4_000);
    collector.tick(4_000, false);
    assertThat(observed()).isZero();
    collector.take(row("one", 3, 0, 123), 5_000);
    collector.tick(5_000, false);
    assertThat(observed()).isEqualTo(3);
  }

  @Test
  void aSourceThatForgotAStageCountsFromZeroAgain() {
    collector.take(row("one", 1, 0, 100), 1_000);
    collector.tick(1_000, false);
    MetricsRow reborn = row("one", 9, 0, 2);
    MetricsRow born = new MetricsRow("one", 9, "1-a", 0, 8, reborn.foundry(), ProviderFigures.NONE);
    collector.take(born, 2_000);
    collector.tick(2_000, false);
    assertThat(observed()).isEqualTo(102);
  }

  @Test
  void aClockThatGoesBackIsTakenForTheLatest() {
    collector.take(row("one", 1, 0, 1), 10_000);
    collector.tick(10_000, false);
    collector.take(row("one", 2, 0, 2), 3_000);
    collector.tick(3_000, false);
    assertThat(observed()).isEqualTo(2);
    assertThat(collector.freshness().isFresh()).isTrue();
  }

  @Test
  void figuresAreOfTheWindowPercentilesOfItsLatenciesAndModelsOfTheStage() {
    ObservationCounter counter = new ObservationCounter("one", LIMITS);
    counter.began("1-a", 0);
    for (int i = 1; i <= 100; i++) {
      counter
          .open(Provider.FOUNDRY, "1-a", 0)
          .settle(i > 10, 10 * i, 1_000_000, i <= 50 ? "small" : "large");
    }
    counter.rows().forEach(row -> collector.take(row, 1_000));
    collector.tick(1_000, false);
    ProviderMetrics figures = figures();
    assertThat(figures.requestCount()).isEqualTo(100);
    assertThat(figures.errorCount()).isEqualTo(10);
    assertThat(figures.errorRate()).isEqualTo(0.1);
    assertThat(figures.latencyP50()).isBetween(495.0, 510.0);
    assertThat(figures.latencyP95()).isBetween(945.0, 960.0);
    assertThat(figures.totalCostUsd()).isEqualTo(0.1);
    assertThat(figures.avgCostPerRequest()).isEqualTo(0.001);
    ModelMetrics small = figures.modelBreakdown().get("small");
    assertThat(small).isEqualTo(new ModelMetrics("small", 50, 255, 0.001, true, 0.2));
  }

  @Test
  void percentilesForgetWhatIsOlderThanTheWindowUnlessNothingIsYounger() {
    ObservationCounter counter = new ObservationCounter("one", LIMITS);
    counter.began("1-a", 0);
    settle(counter, 4_000, 1_000);
    assertThat(figures().latencyP50()).isBetween(3_960.0, 4_040.0);
    settle(counter, 100, 400_000);
    assertThat(figures().latencyP50()).isBetween(99.0, 101.0);
    collector.tick(900_000, false);
    assertThat(figures().latencyP50()).isPositive();
  }

  @Test
  void afterARestartTheTotalsGoOnAndTheWindowsAreEmpty() {
    collector.take(row("one", 1, 0, 100), 1_000);
    collector.tick(1_000, false);
    MetricsCollector next =
        new MetricsCollector(Duration.ofMinutes(5), 2_000, Duration.ofSeconds(5));
    next.restore(
        "1-a",
        0,
        Map.of(
            Provider.FOUNDRY,
            collector.totals(Provider.FOUNDRY),
            Provider.LEGACY,
            StageTotals.NONE),
        collector.marks(),
        50_000);
    assertThat(next.window(Provider.FOUNDRY)).isEqualTo(WindowCounts.NONE);
    assertThat(next.freshness()).isEqualTo(new Freshness(0, List.of(), 0, true));
    next.take(row("one", 2, 0, 101), 51_000);
    next.take(row("new", 1, 0, 10), 51_000);
    next.tick(51_000, false);
    assertThat(next.window(Provider.FOUNDRY).of(Metric.LATENCY_P95).get(Counter.OBSERVED))
        .isEqualTo(11);
    assertThat(next.totals(Provider.FOUNDRY).all().get(Counter.OBSERVED)).isEqualTo(111);
  }

  @Test
  void marksOfSourcesThatAreNotHeardAgainAreForgotten() {
    collector.take(row("gone", 1, 0, 100), 1_000);
    collector.tick(1_000, false);
    MetricsCollector next =
        new MetricsCollector(Duration.ofMinutes(5), 2_000, Duration.ofSeconds(5));
    Map<Provider, StageTotals> totals =
        Map.of(Provider.FOUNDRY, StageTotals.NONE, Provider.LEGACY, StageTotals.NONE);
    next.restore("1-a", 0, totals, collector.marks(), 2_000);
    next.take(row("new", 1, 0, 1), 62_000);
    next.tick(62_000, false);
    assertThat(next.marks()).extracting(SourceMark::source).containsExactly("gone", "new");
    next.tick(62_001, false);
    assertThat(next.marks()).extracting(SourceMark::source).containsExactly("new");
  }

  private void settle(ObservationCounter counter, long latency, long now) {
    counter.open(Provider.FOUNDRY, "1-a", 0).settle(true, latency, 1, null);
    counter.rows().forEach(row -> collector.take(row, now));
    collector.tick(now, false);
  }

  private ProviderMetrics figures() {
    return collector.metrics(Provider.FOUNDRY, collector.window(Provider.FOUNDRY));
  }

  private long observed() {
    return collector.window(Provider.FOUNDRY).of(Metric.LATENCY_P95).get(Counter.OBSERVED);
  }

  private static MetricsRow row(String source, long version, int stage, long observed) {
    return Health.row(source, version, "1-a", stage, ones(observed));
  }

  private static Counts ones(long observed) {
    return Counts.of(Counter.OBSERVED, observed)
        .with(Counter.SETTLED, observed)
        .with(Counter.UNPRICED, observed);
  }
}
