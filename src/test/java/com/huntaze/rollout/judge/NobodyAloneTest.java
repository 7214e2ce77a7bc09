package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.judge.sequential.EvidenceFigures;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The judge beside one user who alone fails, in a stage's warm-up, and after a restart. */
class NobodyAloneTest {
  private static final String EPOCH = "1-a";

  private final ObservationCounter source =
      new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
  private final RollbackController controller =
      new RollbackController(Health.DEFAULTS, Health.PLAN);
  private HealthJudge judge = begun(Health.PLAN);
  private long now;

  private HealthJudge begun(RolloutPlan plan) {
    HealthJudge fresh = new HealthJudge(Health.DEFAULTS, plan);
    fresh.stageBegan(EPOCH, 0, 0, now);
    source.began(EPOCH, 0);
    return fresh;
  }

  private void observe(long user, long apiKey, boolean success, long millis) {
    Requester who = new Requester(user, apiKey);
    source.open(Provider.FOUNDRY, EPOCH, 0, who, true).settle(success, millis, 1_000, "gpt");
  }

  private HealthMetrics tick() {
    now += 1_000;
    source.rows().forEach(row -> judge.take(row, now));
    return judge.tick(now, BreakerFacts.CLOSED);
  }

  @Test
  void theFailuresOfOneUserAreToldAndDecideNothing() {
    for (int i = 0; i < 40; i++) {
      observe(7, 0, false, 10);
      observe(100 + i, 0, true, 10);
      tick();
    }
    HealthMetrics metrics = tick();
    EvidenceFigures errors = metrics.sequential().of(Metric.ERROR_RATE);
    assertThat(errors.lnE()).isGreaterThan(errors.threshold());
    assertThat(errors.lnEWithoutOne()).isLessThan(0);
    assertThat(errors.status()).isEqualTo(EvidenceStatus.ONE_ALONE);
    assertThat(controller.checkHealth(metrics).isRollback()).isFalse();
  }

  @Test
  void theSameFailuresOfManyUsersDecide() {
    for (int i = 0; i < 20; i++) {
      observe(200 + i, 0, false, 10);
      observe(100 + i, 0, true, 10);
    }
    HealthMetrics metrics = tick();
    assertThat(metrics.sequential().of(Metric.ERROR_RATE).status())
        .isEqualTo(EvidenceStatus.EXCEEDED);
    assertThat(controller.checkHealth(metrics).isRollback()).isTrue();
  }

  @Test
  void oneApiKeyThatInventsUsersDecidesNothingBesideAnother() {
    for (int i = 0; i < 40; i++) {
      observe(1_000 + i, 1, false, 10);
      observe(100 + i, 2, true, 10);
      tick();
    }
    assertThat(tick().sequential().of(Metric.ERROR_RATE).status())
        .isEqualTo(EvidenceStatus.ONE_ALONE);
  }

  @Test
  void theOnlyApiKeyThereIsIsNotLeftOut() {
    for (int i = 0; i < 40; i++) {
      observe(1_000 + i, 1, false, 10);
    }
    assertThat(tick().sequential().of(Metric.ERROR_RATE).status())
        .isEqualTo(EvidenceStatus.EXCEEDED);
  }

  @Test
  void oneSlowUserDecidesNothingEither() {
    for (int i = 0; i < 40; i++) {
      observe(7, 0, true, 9_000);
      observe(100 + i, 0, true, 10);
      tick();
    }
    assertThat(tick().sequential().of(Metric.LATENCY_P95).status())
        .isEqualTo(EvidenceStatus.ONE_ALONE);
  }

  @Test
  void slowAnswersInTheWarmUpAreNoEvidenceAndErrorsAre() {
    judge = begun(new RolloutPlan(3, Health.PLAN.planned(), 300, true, Duration.ofSeconds(60)));
    for (int i = 0; i < 40; i++) {
      observe(100 + i, 0, true, 9_000);
      observe(300 + i, 0, i % 2 == 0, 10);
    }
    HealthMetrics metrics = tick();
    assertThat(metrics.warmMillis()).isEqualTo(64_000);
    assertThat(metrics.sequential().of(Metric.LATENCY_P95).samples()).isZero();
    assertThat(metrics.sequential().of(Metric.ERROR_RATE).status())
        .isEqualTo(EvidenceStatus.EXCEEDED);
    assertThat(controller.checkHealth(metrics).isRollback()).isTrue();
  }

  @Test
  void aWarmUpHoldsAndSaysForHowLong() {
    judge = begun(new RolloutPlan(3, Health.PLAN.planned(), 300, true, Duration.ofSeconds(60)));
    observe(1, 0, true, 10);
    RollbackDecision decision = controller.checkHealth(tick());
    assertThat(decision.hold()).isEqualTo(HoldReason.WARMING);
    assertThat(decision.sentence())
        .isEqualTo("warming up for 64 s more: times and costs do not count yet");
    now += 64_000;
    observe(2, 0, true, 10);
    assertThat(controller.checkHealth(tick()).hold()).isNotEqualTo(HoldReason.WARMING);
  }

  @Test
  void theWindowsGoOnAfterARestart() {
    for (int i = 0; i < 900; i++) {
      observe(100 + i, 0, i % 9 != 0, 10);
      if (i % 3 == 0) {
        tick();
      }
    }
    HealthMetrics before = tick();
    JudgeCheckpoint kept = judge.checkpoint();
    judge = begun(Health.PLAN);
    judge.restore(kept, now);
    HealthMetrics after = judge.tick(now, BreakerFacts.CLOSED);
    assertThat(after.foundryWindow().of(Metric.ERROR_RATE))
        .isEqualTo(before.foundryWindow().of(Metric.ERROR_RATE));
    assertThat(controller.checkHealth(after).verdict())
        .as("nothing is healthy before new data")
        .isNotEqualTo(Verdict.HEALTHY);
  }

  @Test
  void thePlainRuleTellsWhoMadeMostOfWhatItFound() {
    HealthSettings plain = Health.settings(100, Action.ROLLBACK);
    RollbackController few = new RollbackController(plain, Health.PLAN);
    judge = new HealthJudge(plain, Health.PLAN);
    judge.stageBegan(EPOCH, 0, 0, now);
    for (int i = 0; i < 200; i++) {
      observe(i % 10 == 0 ? 7 : 100 + i, 0, i % 10 != 0, 10);
      tick();
    }
    assertThat(few.checkHealth(tick()).sentence()).contains("1 user made 20 of 20");
  }
}
