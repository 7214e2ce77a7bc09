package com.huntaze.rollout.judge.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.provider.Provider;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservationCounterTest {
  private static final List<Counter> JUDGED =
      List.of(
          Counter.OBSERVED,
          Counter.SETTLED,
          Counter.ERRORS,
          Counter.SLOW,
          Counter.COST_KNOWN,
          Counter.UNPRICED,
          Counter.COST_NANO,
          Counter.NEUTRAL,
          Counter.THROTTLED);

  private static final List<Counter> OF_MODEL =
      List.of(
          Counter.SETTLED,
          Counter.ERRORS,
          Counter.TIMED,
          Counter.LATENCY_MILLIS,
          Counter.COST_KNOWN,
          Counter.COST_NANO);

  private static final Thresholds LIMITS =
      Thresholds.of(
          Health.settings(2_000, 0.05, new BigDecimal("0.0000001"), Action.ROLLBACK, true));

  private final ObservationCounter counter = new ObservationCounter("loop-1", LIMITS);

  ObservationCounterTest() {
    counter.began("1-a", 0);
  }

  @Test
  void aSettledExchangeIsOneObservation() {
    open().settle(true, 120, 70, "gpt");
    assertThat(judged())
        .isEqualTo(
            Counts.of(Counter.OBSERVED, 1)
                .with(Counter.SETTLED, 1)
                .with(Counter.COST_KNOWN, 1)
                .with(Counter.COST_NANO, 70));
    assertThat(foundry().models().get("gpt").only(OF_MODEL))
        .isEqualTo(
            Counts.of(Counter.SETTLED, 1)
                .with(Counter.TIMED, 1)
                .with(Counter.LATENCY_MILLIS, 120)
                .with(Counter.COST_KNOWN, 1)
                .with(Counter.COST_NANO, 70));
    assertThat(foundry().times(Metric.LATENCY_P95).decode().getTotalCount()).isEqualTo(1);
  }

  @Test
  void anAnswerThatCannotTellItsUsageIsNotUnpriced() {
    Observation speech = open();
    speech.tellsNoUsage();
    speech.settle(true, 120, Observation.UNKNOWN, "tts-1");
    Counts one = Counts.of(Counter.OBSERVED, 1).with(Counter.SETTLED, 1);
    assertThat(judged()).isEqualTo(one);
    open().settle(true, 120, Observation.UNKNOWN, "gpt");
    assertThat(judged())
        .isEqualTo(
            Counts.of(Counter.OBSERVED, 2).with(Counter.SETTLED, 2).with(Counter.UNPRICED, 1));
  }

  @Test
  void anExchangeWithoutAFactIsNone() {
    open();
    assertThat(judged()).isEqualTo(Counts.NONE);
  }

  @Test
  void aSlowExchangeCountsAtOnceAndOnceEvenIfItsClientLeaves() {
    Observation hangs = open();
    hangs.slow();
    hangs.slow();
    assertThat(judged()).isEqualTo(Counts.of(Counter.OBSERVED, 1).with(Counter.SLOW, 1));
    assertThat(foundry().totals().sampled().get(Counter.SLOW)).isEqualTo(1);
    assertThat(foundry().totals().sampled().get(Counter.OBSERVED)).isEqualTo(1);
  }

  @Test
  void aSlowExchangeThatSettlesLaterIsStillOneObservation() {
    Observation late = open();
    late.slow();
    late.settle(true, 9_000, 5, null);
    assertThat(judged())
        .isEqualTo(
            Counts.of(Counter.OBSERVED, 1)
                .with(Counter.SETTLED, 1)
                .with(Counter.SLOW, 1)
                .with(Counter.COST_KNOWN, 1)
                .with(Counter.COST_NANO, 5));
  }

  @Test
  void aLatencyOverTheLimitIsSlowWhateverTheTimerDid() {
    open().settle(true, 5_000, 1, null);
    open().settle(true, 5_001, 1, null);
    assertThat(foundry().totals().all().get(Counter.SLOW)).isEqualTo(1);
  }

  @Test
  void aNeutralEndLeavesTheSlownessCounted() {
    Observation refused = open();
    refused.slow();
    refused.neutral(true);
    refused.settle(false, 1, 1, null);
    open().neutral(false);
    assertThat(judged())
        .isEqualTo(
            Counts.of(Counter.OBSERVED, 1)
                .with(Counter.SLOW, 1)
                .with(Counter.NEUTRAL, 2)
                .with(Counter.THROTTLED, 1));
  }

  @Test
  void anExchangeSettlesOnce() {
    Observation failed = open();
    failed.settle(false, Observation.UNKNOWN, Observation.UNKNOWN, "gpt");
    failed.settle(true, 10, 10, "gpt");
    failed.neutral(false);
    assertThat(judged())
        .isEqualTo(Counts.of(Counter.OBSERVED, 1).with(Counter.SETTLED, 1).with(Counter.ERRORS, 1));
  }

  @Test
  void anEarlyErrorMayLearnItsLatencyAndCostLater() {
    Observation failed = open();
    failed.settle(false, Observation.UNKNOWN, Observation.UNKNOWN, "gpt");
    failed.latency(6_000);
    failed.latency(7_000);
    failed.cost(30);
    failed.cost(40);
    assertThat(judged())
        .isEqualTo(
            Counts.of(Counter.OBSERVED, 1)
                .with(Counter.SETTLED, 1)
                .with(Counter.ERRORS, 1)
                .with(Counter.SLOW, 1)
                .with(Counter.COST_KNOWN, 1)
                .with(Counter.COST_NANO, 30));
    assertThat(foundry().models().get("gpt").only(OF_MODEL))
        .isEqualTo(
            Counts.of(Counter.SETTLED, 1)
                .with(Counter.ERRORS, 1)
                .with(Counter.TIMED, 1)
                .with(Counter.LATENCY_MILLIS, 6_000)
                .with(Counter.COST_KNOWN, 1)
                .with(Counter.COST_NANO, 30));
  }

  @Test
  void aSuccessWithoutACostIsUnpricedForGood() {
    Observation unpriced = open();
    unpriced.settle(true, 10, Observation.UNKNOWN, null);
    unpriced.cost(10);
    assertThat(judged())
        .isEqualTo(
            Counts.of(Counter.OBSERVED, 1).with(Counter.SETTLED, 1).with(Counter.UNPRICED, 1));
    assertThat(foundry().totals().sampled().get(Counter.UNPRICED)).isEqualTo(1);
  }

  @Test
  void onlySampledExchangesReachTheSequentialTests() {
    for (int i = 0; i < 10; i++) {
      Observation retry = counter.open(Provider.FOUNDRY, "1-a", 0, Requester.of(42), i == 0);
      retry.settle(false, 10, 400, null);
    }
    assertThat(foundry().totals().all().get(Counter.ERRORS)).isEqualTo(10);
    Counts sampled = foundry().totals().sampled();
    assertThat(sampled.get(Counter.ERRORS)).isEqualTo(1);
    assertThat(sampled.get(Counter.COST_KNOWN)).isEqualTo(1);
    assertThat(foundry().totals().costWealth().get(5)).isEqualTo(Math.log1p(0.4 * 3));
    assertThat(foundry().keys().count()).isEqualTo(1);
    assertThat(sampled.get(Counter.KEYLESS)).isZero();
  }

  @Test
  void hostileNumbersAreClampedOrUnknown() {
    open().settle(true, Long.MIN_VALUE, Long.MIN_VALUE, "gpt");
    for (int i = 0; i < 10_000; i++) {
      open().settle(true, Long.MAX_VALUE, Long.MAX_VALUE, "gpt");
    }
    Counts all = foundry().totals().all();
    assertThat(all.get(Counter.UNPRICED)).isEqualTo(1);
    assertThat(all.get(Counter.SLOW)).isEqualTo(10_000);
    assertThat(all.get(Counter.COST_NANO)).isEqualTo(Long.MAX_VALUE);
    assertThat(foundry().times(Metric.LATENCY_P95).decode().getMaxValue())
        .isBetween(3_590_000L, 3_620_000L);
    assertThat(foundry().totals().costWealth()).allMatch(Double::isFinite);
    assertThat(foundry().models().get("gpt").get(Counter.LATENCY_MILLIS))
        .isEqualTo(10_000 * 3_600_000L);
  }

  @Test
  void furtherModelsAndEndlessNamesAreOneOther() {
    open().settle(true, 1, 1, "x".repeat(1_000));
    for (int i = 0; i < 100; i++) {
      open().settle(true, 1, 1, "model-" + i);
    }
    assertThat(foundry().models()).hasSizeLessThanOrEqualTo(33);
    assertThat(
            foundry().models().values().stream().mapToLong(each -> each.get(Counter.SETTLED)).sum())
        .isEqualTo(101);
    assertThat(foundry().models()).containsKey("other");
  }

  @Test
  void anExchangeCountsInTheStageInWhichItBegan() {
    Observation early = open();
    counter.began("1-a", 1);
    early.settle(true, 1, 1, null);
    List<MetricsRow> rows = counter.rows();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).stage()).isZero();
    assertThat(rows.get(0).observed(Provider.FOUNDRY)).isEqualTo(1);
    assertThat(rows.get(1).observed(Provider.FOUNDRY)).isZero();
  }

  @Test
  void anInventedStageCountsNowhereAndPushesOutNone() {
    for (int i = 0; i < 100; i++) {
      counter.open(Provider.FOUNDRY, "9-" + i, 0).settle(false, 1, 1, "gpt");
    }
    open().settle(true, 1, 1, null);
    assertThat(foundry().totals().all().get(Counter.SETTLED)).isEqualTo(1);
    assertThat(foundry().totals().all().get(Counter.ERRORS)).isZero();
  }

  @Test
  void onlyTheLastFourStagesAreKept() {
    for (int stage = 1; stage < 100; stage++) {
      counter.began("1-a", stage);
    }
    assertThat(counter.rows()).extracting(MetricsRow::stage).containsExactly(96, 97, 98, 99);
  }

  @Test
  void aForgottenStageIsBornAgain() {
    long born = counter.rows().get(0).born();
    for (int stage = 1; stage <= 4; stage++) {
      counter.began("1-a", stage);
    }
    counter.began("1-a", 0);
    List<MetricsRow> rows = counter.rows();
    assertThat(rows.get(rows.size() - 1).stage()).isZero();
    assertThat(rows.get(rows.size() - 1).born()).isGreaterThan(born);
  }

  @Test
  void rowsGrowInVersionAndTheNewestStageAlwaysShowsLife() {
    MetricsRow first = counter.rows().get(0);
    MetricsRow second = counter.rows().get(0);
    assertThat(second.version()).isGreaterThan(first.version());
    assertThat(second.foundry()).isSameAs(first.foundry());
  }

  @Test
  void aRowDoesNotChangeWhenItsSourceCountsOn() {
    open().settle(true, 5, 5, "gpt");
    ProviderFigures before = foundry();
    Counts all = before.totals().all();
    long keys = before.keys().count();
    counter.open(Provider.FOUNDRY, "1-a", 0, Requester.of(7), true).settle(false, 5, 5, "gpt");
    assertThat(before.totals().all()).isEqualTo(all);
    assertThat(before.keys().count()).isEqualTo(keys);
    assertThat(before.models().get("gpt").get(Counter.SETTLED)).isEqualTo(1);
    assertThat(before.times(Metric.LATENCY_P95).decode().getTotalCount()).isEqualTo(1);
  }

  private Observation open() {
    return counter.open(Provider.FOUNDRY, "1-a", 0);
  }

  private ProviderFigures foundry() {
    return counter.rows().get(0).foundry();
  }

  private Counts judged() {
    return foundry().totals().all().only(JUDGED);
  }
}
