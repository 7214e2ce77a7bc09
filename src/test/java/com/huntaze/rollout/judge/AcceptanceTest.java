package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The acceptance proposals (iv) to (vi) of the statistics of the canary, section 7. */
class AcceptanceTest {
  /** So that only the sequential tests decide. */
  private static final HealthSettings NEVER_PLAIN = Health.settings(1_000_000, Action.ROLLBACK);

  private static final int CHANGE = 150;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void splittingAStreamOverSourcesChangesTheDetectionByAtMostOneTick(long seed) {
    long one = traffic(1, seed).detection();
    assertThat(one).isGreaterThan(CHANGE);
    assertThat(traffic(3, seed).detection()).isCloseTo(one, within(1L));
    assertThat(traffic(10, seed).detection()).isCloseTo(one, within(1L));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aRestartInTheMiddleChangesTheDetectionByAtMostOneTick(long seed) {
    long undisturbed = traffic(2, seed).detection();
    for (int at : new int[] {1, 59, CHANGE / 2, (int) undisturbed - 1}) {
      JudgedTraffic killed = traffic(2, seed);
      run(killed, at);
      killed.restartAll();
      assertThat(killed.detection()).isCloseTo(undisturbed, within(1L));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aJudgeThatStartsAgainBesideLivingSourcesLosesAndDoublesNothing(long seed) {
    JudgedTraffic undisturbed = traffic(2, seed);
    JudgedTraffic killed = traffic(2, seed);
    run(undisturbed, 130);
    run(killed, 100);
    JudgeCheckpoint old = killed.checkpoint();
    run(killed, 29);
    killed.restartJudge(old);
    HealthMetrics after = killed.step();
    assertThat(after.foundryTotals().all()).isEqualTo(undisturbed.checkpoint().foundry().all());
    assertThat(after.sequential().of(Metric.ERROR_RATE).samples())
        .isEqualTo(undisturbed.checkpoint().sequential().canary().get(Counter.SETTLED));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 500})
  void halfOfTheAnswersFailingRollsBackWithinTwoSecondsEvenAfterHealth(int change) {
    HealthSettings defaults = Health.DEFAULTS;
    JudgedTraffic traffic = new JudgedTraffic(defaults, 4, 50, change, 0.5, 11);
    assertThat(traffic.detection()).isBetween(change + 1L, change + 2L);
  }

  @Test
  void aHealthyStageIsPromotableOnceItHasEnoughAndIsProven() {
    RollbackController controller = new RollbackController(Health.DEFAULTS, Health.PLAN);
    JudgedTraffic traffic = new JudgedTraffic(Health.DEFAULTS, 2, 20, 1_000, 0.01, 1);
    int second = 0;
    RollbackDecision decision;
    do {
      decision = controller.checkHealth(traffic.step());
      second++;
      assertThat(decision.isRollback()).isFalse();
    } while (!decision.promotion().ready() && second < 60);
    assertThat(second).isBetween(15, 59);
  }

  @Test
  void aRestartHoldsUntilThereIsNewData() {
    JudgedTraffic traffic = traffic(1, 1);
    run(traffic, 60);
    RollbackController controller = new RollbackController(NEVER_PLAIN, Health.PLAN);
    assertThat(controller.checkHealth(traffic.step()).verdict()).isEqualTo(Verdict.HEALTHY);
    traffic.restartAll();
    HealthMetrics empty = traffic.judge().tick(61_500, BreakerFacts.CLOSED);
    assertThat(controller.checkHealth(empty).verdict()).isEqualTo(Verdict.HOLD);
    assertThat(controller.checkHealth(traffic.step()).verdict()).isEqualTo(Verdict.HEALTHY);
  }

  @Test
  void aDayWithoutTrafficIsNeverHealthy() {
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.UNDEMANDING);
    RollbackController controller = new RollbackController(Health.DEFAULTS, Health.UNDEMANDING);
    ObservationCounter source = new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
    judge.stageBegan("1-a", 0, 0, 0);
    source.began("1-a", 0);
    for (long second = 4; second <= 86_400; second += 4) {
      long now = second * 1_000;
      source.rows().forEach(row -> judge.take(row, now));
      RollbackDecision decision = controller.checkHealth(judge.tick(now, BreakerFacts.CLOSED));
      assertThat(decision.verdict()).isEqualTo(Verdict.HOLD);
      assertThat(decision.promotion().ready()).isFalse();
    }
  }

  @Test
  void aDayOfAnswersOfWhichEveryOtherHasNoCostIsNeverPromoted() {
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.UNDEMANDING);
    RollbackController controller = new RollbackController(Health.DEFAULTS, Health.UNDEMANDING);
    ObservationCounter source = new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
    judge.stageBegan("1-a", 0, 0, 0);
    source.began("1-a", 0);
    for (long minute = 1; minute <= 1_440; minute++) {
      long now = minute * 60_000;
      source.open(Provider.FOUNDRY, "1-a", 0).settle(true, 10, 1_000, "gpt");
      source.open(Provider.FOUNDRY, "1-a", 0).settle(true, 10, Observation.UNKNOWN, "gpt");
      source.rows().forEach(row -> judge.take(row, now));
      HealthMetrics metrics = judge.tick(now, BreakerFacts.CLOSED);
      assertThat(metrics.sequential().of(Metric.COST_PER_REQUEST).status())
          .isEqualTo(EvidenceStatus.INCONCLUSIVE);
      assertThat(controller.checkHealth(metrics).promotion().ready()).isFalse();
    }
  }

  @Test
  void costsOfWhichNoneIsKnownAreNotJudged() {
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.UNDEMANDING);
    ObservationCounter source = new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
    judge.stageBegan("1-a", 0, 0, 0);
    source.began("1-a", 0);
    for (int i = 0; i < 500; i++) {
      source.open(Provider.FOUNDRY, "1-a", 0).settle(true, 10, Observation.UNKNOWN, "gpt");
    }
    source.rows().forEach(row -> judge.take(row, 1_000));
    HealthMetrics metrics = judge.tick(1_000, BreakerFacts.CLOSED);
    RollbackController controller = new RollbackController(Health.DEFAULTS, Health.UNDEMANDING);
    assertThat(metrics.sequential().of(Metric.COST_PER_REQUEST).status())
        .isEqualTo(EvidenceStatus.INCONCLUSIVE);
    assertThat(controller.checkHealth(metrics).promotion().ready()).isTrue();
  }

  private static JudgedTraffic traffic(int sources, long seed) {
    return new JudgedTraffic(NEVER_PLAIN, sources, 20, CHANGE, 0.15, seed);
  }

  private static void run(JudgedTraffic traffic, int seconds) {
    for (int i = 0; i < seconds; i++) {
      traffic.step();
    }
  }
}
