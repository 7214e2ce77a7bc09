package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.Freshness;
import com.huntaze.rollout.judge.sequential.Comparison;
import com.huntaze.rollout.judge.sequential.Interval;
import com.huntaze.rollout.judge.sequential.SequentialState;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.ProviderMetrics;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class HealthJudgeTest {
  private static final Thresholds LIMITS = Thresholds.of(Health.DEFAULTS);

  private final HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
  private final ObservationCounter source = new ObservationCounter("loop-1", LIMITS);
  private long now;

  HealthJudgeTest() {
    begin("1-a", 0);
  }

  @Example
  void evidenceIsOfTheEpochAndWindowsAreOfTheStage() {
    observe("1-a", 0, 30, 3);
    assertThat(tick().sequential().of(Metric.ERROR_RATE).hits()).isEqualTo(3);
    begin("1-a", 1);
    observe("1-a", 1, 10, 1);
    HealthMetrics second = tick();
    assertThat(second.foundryWindow().of(Metric.ERROR_RATE).get(Counter.SETTLED)).isEqualTo(10);
    assertThat(second.foundryTotals().all().get(Counter.SETTLED)).isEqualTo(10);
    assertThat(second.sequential().of(Metric.ERROR_RATE).samples()).isEqualTo(40);
    begin("2-a", 0);
    HealthMetrics next = tick();
    assertThat(next.sequential().of(Metric.ERROR_RATE).samples()).isZero();
    assertThat(next.sequential().keys()).isZero();
    assertThat(next.tick()).isEqualTo(3);
  }

  @Example
  void outsideTheStagesFiguresAreShownButNoEvidenceIsGathered() {
    begin("2-a", -1);
    observe("2-a", -1, 30, 30);
    HealthMetrics metrics = tick();
    assertThat(metrics.foundryWindow().of(Metric.ERROR_RATE).get(Counter.ERRORS)).isEqualTo(30);
    assertThat(metrics.sequential().of(Metric.ERROR_RATE).samples()).isZero();
    now += 3_600_000;
    tick();
    assertThat(judge.checkpoint().elapsed()).isZero();
    assertThat(judge.checkpoint().sequential().stepsPaid()).isEqualTo(-1);
  }

  @Example
  void theTimeOutsideTheStagesIsNotJudgedAndTheTimeInThemIs() {
    begin("2-a", -1);
    now += 3_600_000;
    begin("2-a", 0);
    tick();
    tick();
    assertThat(judge.checkpoint().elapsed()).isEqualTo(2_000);
    begin("2-a", 1);
    tick();
    assertThat(judge.checkpoint().elapsed()).isEqualTo(3_000);
  }

  @Example
  void theSilenceOfASourceThatHasSaidGoodbyeIsNotStale() {
    observe("1-a", 0, 1, 0);
    tick();
    now += 60_000;
    assertThat(judge.tick(now, BreakerFacts.CLOSED).freshness().stale()).containsExactly("loop-1");
    judge.retire("loop-1");
    Freshness after = judge.tick(now, BreakerFacts.CLOSED).freshness();
    assertThat(after.stale()).isEmpty();
    assertThat(after.sources()).isZero();
  }

  @Example
  void bothProvidersAreComparedWithTheirIntervals() {
    observe("1-a", 0, 1_000, 20);
    for (int i = 0; i < 100; i++) {
      source.open(Provider.LEGACY, "1-a", 0).settle(i >= 5, 10, 200_000_000, null);
    }
    Comparison comparison = tick().comparison();
    assertThat(comparison.errors().foundry()).isEqualTo(0.02);
    assertThat(comparison.errors().foundryInterval().low()).isBetween(0.0078, 0.0079);
    assertThat(comparison.errors().legacy()).isEqualTo(0.05);
    assertThat(comparison.errors().difference()).isEqualTo(0.02 - 0.05);
    Interval difference = comparison.errors().differenceInterval();
    assertThat(difference.low()).isBetween(-0.2, -0.1);
    assertThat(difference.high()).isBetween(0.03, 0.05);
    assertThat(comparison.legacyMeanCost() - comparison.foundryMeanCost())
        .isBetween(0.1989, 0.1991);
  }

  @Example
  void aDamagedCheckpointIsRefused() {
    JudgeCheckpoint good = judge.checkpoint();
    SequentialState state = good.sequential();
    SequentialState tooFew =
        new SequentialState(
            1,
            0,
            0,
            Map.of(
                Metric.ERROR_RATE,
                new SequentialState.Wealth(1, List.of(0.0), List.of(), List.of())),
            state.canary(),
            state.arms(),
            state.pending(),
            0,
            state.keys());
    JudgeCheckpoint bad =
        new JudgeCheckpoint(
            good.basis(),
            "1-a",
            0,
            0,
            0,
            tooFew,
            good.foundry(),
            good.legacy(),
            List.of(),
            Map.of(),
            0,
            null,
            null,
            0);
    assertThatThrownBy(() -> judge.restore(bad, 0))
        .hasMessage("error: 1 bets and 0 runs (expected: 8 of each)");
  }

  @Property(tries = 200)
  void hostileValuesNeverComeThrough(@ForAll @Size(max = 40) List<long[]> facts) {
    HealthJudge fresh = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    ObservationCounter counter = new ObservationCounter("s", LIMITS);
    counter.began("1-a", 0);
    fresh.stageBegan("1-a", 0, 0, 0);
    long at = 0;
    for (long[] fact : facts) {
      for (long value : fact) {
        Observation each =
            counter.open(
                value % 3 == 0 ? Provider.LEGACY : Provider.FOUNDRY,
                "1-a",
                0,
                Requester.of(value),
                value < 0);
        if (value % 2 == 0) {
          each.slow();
        }
        each.settle(value % 5 != 0, value, value, "m" + value);
        each.latency(value ^ at);
        each.cost(-value);
      }
      at += Math.floorMod(fact.length * 977L, 5_000);
      long now = at;
      counter.rows().forEach(row -> fresh.take(row, now));
      check(fresh.tick(now, BreakerFacts.CLOSED));
    }
  }

  private static void check(HealthMetrics metrics) {
    ProviderMetrics foundry = metrics.foundry();
    assertThat(
            List.of(
                foundry.errorRate(),
                foundry.latencyP50(),
                foundry.latencyP95(),
                foundry.latencyP99(),
                foundry.totalCostUsd(),
                foundry.avgCostPerRequest(),
                metrics.sequential().of(Metric.ERROR_RATE).lnE(),
                metrics.sequential().of(Metric.LATENCY_P95).lnE(),
                metrics.sequential().of(Metric.COST_PER_REQUEST).lnE(),
                metrics.sequential().of(Metric.BASELINE).lnE(),
                metrics.comparison().errors().foundryInterval().high(),
                metrics.comparison().slow().differenceInterval().low()))
        .allMatch(Double::isFinite);
    assertThat(foundry.errorRate()).isBetween(0.0, 1.0);
    assertThat(foundry.totalCostUsd()).isNotNegative();
    assertThat(foundry.latencyP99()).isBetween(0.0, 3_620_000.0);
    RollbackDecision decision =
        new RollbackController(Health.settings(1, Action.ROLLBACK), Health.PLAN)
            .checkHealth(metrics);
    assertThat(decision.sentence()).isNotBlank().doesNotContain("NaN").doesNotContain("Infinity");
  }

  private void begin(String epoch, int stage) {
    source.began(epoch, stage);
    judge.stageBegan(epoch, stage, stage, now);
  }

  private void observe(String epoch, int stage, int n, int errors) {
    for (int i = 0; i < n; i++) {
      source.open(Provider.FOUNDRY, epoch, stage).settle(i >= errors, 10, 1_000_000, null);
    }
  }

  private HealthMetrics tick() {
    now += 1_000;
    source.rows().forEach(row -> judge.take(row, now));
    return judge.tick(now, BreakerFacts.CLOSED);
  }
}
