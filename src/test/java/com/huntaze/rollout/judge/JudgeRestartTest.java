package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.huntaze.rollout.Records;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BaselineSettings;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.LatencySettings;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Example;

/** The knowledge that a judge takes from the checkpoint of another one. */
class JudgeRestartTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EPOCH = "1-a";
  private static final HealthSettings DEFAULTS = Health.DEFAULTS;

  @Example
  void whatModeFoundryHasFoundDoesNotRollBackTheCanaryThatStartsLater() {
    Restart watched = new Restart(DEFAULTS, ProviderMode.FOUNDRY, -1, 0);
    watched.observe(-1, 40, 40);
    assertThat(watched.decide().verdict()).isEqualTo(Verdict.ROLLBACK);
    Restart canary = new Restart(DEFAULTS, ProviderMode.CANARY, -1, -1);
    assertThat(canary.restore(watched.checkpoint()))
        .containsExactly("judged traffic all, whatever the rollout, now the rollout's share");
    canary.stage(0, 0);
    assertThat(canary.decide().verdict()).isEqualTo(Verdict.HOLD);
    assertThat(canary.metrics.sequential().of(Metric.ERROR_RATE).samples()).isZero();
  }

  @Example
  void evidenceAgainstOneErrorLimitIsNoneAgainstAnother() {
    Restart strict = new Restart(settings(0.01, 5, Action.ALERT), ProviderMode.CANARY, 0, 0);
    strict.observe(0, 3_000, 100);
    assertThat(strict.decide().verdict()).isEqualTo(Verdict.ALERT);
    HealthSettings lenient = settings(0.05, 5, Action.ROLLBACK);
    Restart after = new Restart(lenient, ProviderMode.CANARY, 0, 0);
    assertThat(after.restore(strict.checkpoint()))
        .containsExactly("errorRate.limit 0.01, now 0.05");
    assertThat(after.decide().verdict()).isEqualTo(Verdict.HOLD);
  }

  @Example
  void answersThatWereFastByOneLatencyLimitProveNothingByAnother() {
    Restart patient = new Restart(settings(0.05, 10, Action.ROLLBACK), ProviderMode.CANARY, 0, 0);
    patient.observe(0, 1_000, 0);
    assertThat(patient.decide().promotion().ready()).isTrue();
    Restart after = new Restart(settings(0.05, 1, Action.ROLLBACK), ProviderMode.CANARY, 0, 0);
    assertThat(after.restore(patient.checkpoint())).containsExactly("latencyP95.limit 10s, now 1s");
    after.observe(0, 1, 0);
    RollbackDecision decision = after.decide();
    assertThat(decision.promotion().ready()).isFalse();
    assertThat(decision.hold()).isEqualTo(HoldReason.TOO_FEW);
  }

  @Example
  void everyRuleThatEvidenceDependsOnIsPartOfTheBasis() {
    JudgeBasis basis = JudgeBasis.of(DEFAULTS, ProviderMode.CANARY);
    HealthSettings changed =
        Health.settings(2_000, 0.01, new BigDecimal("0.000000001"), Action.ALERT, true);
    changed = Health.with(changed, new LatencySettings(Duration.ofMillis(1), Action.ALERT));
    changed = Records.with(changed, "baseline", new BaselineSettings(Action.ALERT, 2, 0.5));
    changed = Records.with(changed, "sequential", Records.with(changed.sequential(), "alpha", 0.1));
    JudgeBasis other = JudgeBasis.of(changed, ProviderMode.FOUNDRY);
    assertThat(basis.changesSince(other))
        .containsExactly(
            "judged traffic all, whatever the rollout, now the rollout's share",
            "errorRate.limit 0.01, now 0.05",
            "latencyP95.limit 1ms, now 5s",
            "costPerRequestUsd.limit 0.000000001 USD, now 0.1 USD",
            "sequential.alpha 0.1, now 0.01",
            "baseline.ratio 2.0, now 1.5",
            "baseline.margin 0.5, now 0.01");
    assertThat(basis.changesSince(JudgeBasis.of(DEFAULTS, ProviderMode.LEGACY))).isEmpty();
  }

  @Example
  void aKillRightAfterAPromotionKeepsTheEpochsEvidenceAndBeginsTheStagesCounts() {
    Restart before = new Restart(DEFAULTS, ProviderMode.CANARY, 0, 0);
    before.observe(0, 1_000, 20);
    before.decide();
    JudgeCheckpoint written = before.checkpoint();
    Restart after = new Restart(DEFAULTS, ProviderMode.CANARY, 1, 1);
    assertThat(after.restore(written)).isEmpty();
    assertThat(after.checkpoint().elapsed()).isEqualTo(written.elapsed()).isPositive();
    assertThat(after.checkpoint().sequential()).isEqualTo(written.sequential());
    assertThat(after.checkpoint().foundry()).isEqualTo(StageTotals.NONE);
    assertThat(after.checkpoint().marks()).isEmpty();
    after.observe(1, 10, 0);
    after.decide();
    assertThat(after.metrics.sequential().of(Metric.ERROR_RATE).samples()).isEqualTo(1_010);
    assertThat(after.metrics.foundryTotals().all().get(Counter.SETTLED)).isEqualTo(10);
  }

  @Example
  void aCheckpointOfAnotherEpochSaysNothing() {
    Restart before = new Restart(DEFAULTS, ProviderMode.CANARY, 0, 0);
    before.observe(0, 100, 50);
    before.decide();
    HealthJudge next = new HealthJudge(settings(0.01, 1, Action.ALERT), Health.PLAN);
    next.stageBegan("2-a", 0, 0, 0);
    JudgeCheckpoint fresh = next.checkpoint();
    assertThat(next.restore(before.checkpoint(), 0)).isEmpty();
    assertThat(next.checkpoint()).isEqualTo(fresh);
  }

  private static HealthSettings settings(double errors, int seconds, Action action) {
    HealthSettings base = Health.settings(2_000, errors, new BigDecimal("0.10"), action, true);
    return Health.with(base, new LatencySettings(Duration.ofSeconds(seconds), action));
  }

  /** A judge of a process with one source, and what decides on its figures. */
  private static final class Restart {
    private static int incarnation;

    private final ObservationCounter source;
    private final HealthJudge judge;
    private final RollbackController controller;
    private HealthMetrics metrics;
    private long now = 1_000;

    Restart(HealthSettings settings, ProviderMode mode, int stage, int place) {
      source = new ObservationCounter("loop-" + ++incarnation, Thresholds.of(settings));
      judge = new HealthJudge(settings, Health.PLAN, mode);
      controller = new RollbackController(settings, Health.PLAN);
      stage(stage, place);
    }

    void stage(int stage, int place) {
      source.began(EPOCH, stage);
      judge.stageBegan(EPOCH, stage, place, now);
    }

    void observe(int stage, int n, int errors) {
      for (int i = 0; i < n; i++) {
        source.open(Provider.FOUNDRY, EPOCH, stage).settle(i >= errors, 3_000, 1_000, null);
      }
    }

    RollbackDecision decide() {
      now += 1_000;
      source.rows().forEach(row -> judge.take(row, now));
      metrics = judge.tick(now, BreakerFacts.CLOSED);
      return controller.checkHealth(metrics);
    }

    JudgeCheckpoint checkpoint() {
      return judge.checkpoint();
    }

    List<String> restore(JudgeCheckpoint checkpoint) {
      return judge.restore(checkpoint, now);
    }
  }
}
