package com.huntaze.rollout.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservationCounterTest {
  private static final Thresholds LIMITS = new Thresholds(500, 5_000, 500, 100, 2_000);

  private final ObservationCounter counter = new ObservationCounter("loop-1", LIMITS);

  ObservationCounterTest() {
    counter.began("1-a", 0);
  }

  @Test
  void aSettledExchangeIsOneObservation() {
    open().settle(true, 120, 70, "gpt");
    assertThat(foundry().all()).isEqualTo(new Tally(1, 1, 0, 0, 1, 0, 70, 0, 0));
    assertThat(foundry().models().get("gpt")).isEqualTo(new ModelTally(1, 0, 1, 120, 1, 70));
    assertThat(foundry().latency().decode().getTotalCount()).isEqualTo(1);
  }

  @Test
  void anExchangeWithoutAFactIsNone() {
    open();
    assertThat(foundry().all()).isEqualTo(Tally.NONE);
  }

  @Test
  void aSlowExchangeCountsAtOnceAndOnceEvenIfItsClientLeaves() {
    Observation hangs = open();
    hangs.slow();
    hangs.slow();
    assertThat(foundry().all()).isEqualTo(new Tally(1, 0, 0, 1, 0, 0, 0, 0, 0));
    assertThat(foundry().sampled().slow()).isEqualTo(1);
    assertThat(foundry().sampled().observed()).isEqualTo(1);
  }

  @Test
  void aSlowExchangeThatSettlesLaterIsStillOneObservation() {
    Observation late = open();
    late.slow();
    late.settle(true, 9_000, 5, null);
    assertThat(foundry().all()).isEqualTo(new Tally(1, 1, 0, 1, 1, 0, 5, 0, 0));
  }

  @Test
  void aLatencyOverTheLimitIsSlowWhateverTheTimerDid() {
    open().settle(true, 5_000, 1, null);
    open().settle(true, 5_001, 1, null);
    assertThat(foundry().all().slow()).isEqualTo(1);
  }

  @Test
  void aNeutralEndLeavesTheSlownessCounted() {
    Observation refused = open();
    refused.slow();
    refused.neutral(true);
    refused.settle(false, 1, 1, null);
    open().neutral(false);
    assertThat(foundry().all()).isEqualTo(new Tally(1, 0, 0, 1, 0, 0, 0, 2, 1));
  }

  @Test
  void anExchangeSettlesOnce() {
    Observation failed = open();
    failed.settle(false, Observation.UNKNOWN, Observation.UNKNOWN, "gpt");
    failed.settle(true, 10, 10, "gpt");
    failed.neutral(false);
    assertThat(foundry().all()).isEqualTo(new Tally(1, 1, 1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void anEarlyErrorMayLearnItsLatencyAndCostLater() {
    Observation failed = open();
    failed.settle(false, Observation.UNKNOWN, Observation.UNKNOWN, "gpt");
    failed.latency(6_000);
    failed.latency(7_000);
    failed.cost(30);
    failed.cost(40);
    assertThat(foundry().all()).isEqualTo(new Tally(1, 1, 1, 1, 1, 0, 30, 0, 0));
    assertThat(foundry().models().get("gpt")).isEqualTo(new ModelTally(1, 1, 1, 6_000, 1, 30));
  }

  @Test
  void aSuccessWithoutACostIsUnpricedForGood() {
    Observation unpriced = open();
    unpriced.settle(true, 10, Observation.UNKNOWN, null);
    unpriced.cost(10);
    assertThat(foundry().all()).isEqualTo(new Tally(1, 1, 0, 0, 0, 1, 0, 0, 0));
    assertThat(foundry().sampled().unpriced()).isEqualTo(1);
  }

  @Test
  void onlySampledExchangesReachTheSequentialTests() {
    for (int i = 0; i < 10; i++) {
      Observation retry = counter.open(Provider.FOUNDRY, "1-a", 0, 42, i == 0);
      retry.settle(false, 10, 400, null);
    }
    assertThat(foundry().all().errors()).isEqualTo(10);
    SampledTally sampled = foundry().sampled();
    assertThat(sampled.errors()).isEqualTo(1);
    assertThat(sampled.costKnown()).isEqualTo(1);
    assertThat(sampled.costWealth().get(5)).isEqualTo(Math.log1p(0.4 * 3));
    assertThat(foundry().keys().count()).isEqualTo(1);
    assertThat(sampled.keyless()).isZero();
  }

  @Test
  void hostileNumbersAreClampedOrUnknown() {
    open().settle(true, Long.MIN_VALUE, Long.MIN_VALUE, "gpt");
    for (int i = 0; i < 10_000; i++) {
      open().settle(true, Long.MAX_VALUE, Long.MAX_VALUE, "gpt");
    }
    Tally all = foundry().all();
    assertThat(all.unpriced()).isEqualTo(1);
    assertThat(all.slow()).isEqualTo(10_000);
    assertThat(all.costNano()).isEqualTo(Long.MAX_VALUE);
    assertThat(foundry().latency().decode().getMaxValue()).isBetween(3_590_000L, 3_620_000L);
    assertThat(foundry().sampled().costWealth()).allMatch(Double::isFinite);
    assertThat(foundry().models().get("gpt").latencyMillis()).isEqualTo(10_000 * 3_600_000L);
  }

  @Test
  void furtherModelsAndEndlessNamesAreOneOther() {
    open().settle(true, 1, 1, "x".repeat(1_000));
    for (int i = 0; i < 100; i++) {
      open().settle(true, 1, 1, "model-" + i);
    }
    assertThat(foundry().models()).hasSizeLessThanOrEqualTo(33);
    assertThat(foundry().models().values().stream().mapToLong(ModelTally::requests).sum())
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
    assertThat(foundry().all().settled()).isEqualTo(1);
    assertThat(foundry().all().errors()).isZero();
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
    Tally all = before.all();
    long keys = before.keys().count();
    counter.open(Provider.FOUNDRY, "1-a", 0, 7, true).settle(false, 5, 5, "gpt");
    assertThat(before.all()).isEqualTo(all);
    assertThat(before.keys().count()).isEqualTo(keys);
    assertThat(before.models().get("gpt").requests()).isEqualTo(1);
    assertThat(before.latency().decode().getTotalCount()).isEqualTo(1);
  }

  private Observation open() {
    return counter.open(Provider.FOUNDRY, "1-a", 0);
  }

  private ProviderFigures foundry() {
    return counter.rows().get(0).foundry();
  }
}
