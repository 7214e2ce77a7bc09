package com.huntaze.rollout.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RollbackControllerTest {
  private static final WindowCounts GOOD = new WindowCounts(900, 900, 3, 2, 900, 0, 900, 0);
  private static final WindowCounts BAD = new WindowCounts(42, 42, 14, 0, 42, 0, 42, 0);
  private static final Freshness STALE = new Freshness(2, List.of("loop-2"), 0);

  @Test
  void aPlainFindingTellsRateLimitAndCounts() {
    RollbackDecision decision = decide(42, Action.ROLLBACK, BAD);
    assertThat(decision.isRollback()).isTrue();
    assertThat(decision.sentence())
        .isEqualTo("error rate 33.3 % > 5.0 %, 14 of 42; evidence 0.0 of 5.8 nats");
    Finding finding = decision.findings().get(0);
    assertThat(finding.observed()).isEqualTo(14 / 42.0);
    assertThat(finding.limit()).isEqualTo(0.05);
    assertThat(finding.lnThreshold()).isEqualTo(5.8);
  }

  @Test
  void latencyAndCostFindingsTellTheirsToo() {
    WindowCounts bad = new WindowCounts(42, 42, 0, 4, 42, 0, 42 * 120_000_000L, 0);
    assertThat(sentences(decide(42, Action.ROLLBACK, bad)))
        .containsExactly(
            "latency p95 > 5s: slower 9.5 % > 5.0 %, 4 of 42; evidence 0.0 of 5.8 nats",
            "cost per request 0.12 USD > 0.1 USD, mean of 42; evidence 0.0 of 5.8 nats");
  }

  @Test
  void theCostsFigureAndLimitAreUsd() {
    WindowCounts bad = new WindowCounts(42, 42, 0, 0, 42, 0, 42 * 120_000_000L, 0);
    Finding finding = decide(42, Action.ROLLBACK, bad).findings().get(0);
    assertThat(finding.observed()).isEqualTo(0.12);
    assertThat(finding.limit()).isEqualTo(0.1);
  }

  @ParameterizedTest
  @CsvSource({"DISABLED", "INCONCLUSIVE"})
  void noEvidenceStandsBesideAPlainFindingWhereThereIsNone(EvidenceStatus status) {
    EvidenceFigures none = Health.evidence(status, 99, 5.8, 42, 14);
    HealthMetrics metrics =
        Health.with(
            Health.metrics(BAD), new SequentialFigures(none, none, none, none, ArmCounts.NONE, 3));
    Finding finding = controller(42, Action.ROLLBACK).checkHealth(metrics).findings().get(0);
    assertThat(finding.sentence()).isEqualTo("error rate 33.3 % > 5.0 %, 14 of 42");
    assertThat(finding.lnE()).isZero();
    assertThat(finding.lnThreshold()).isZero();
  }

  @Test
  void whatRollsBackStandsBeforeWhatOnlyAlerts() {
    WindowCounts both = new WindowCounts(42, 42, 14, 0, 42, 0, 42 * 120_000_000L, 0);
    HealthSettings base = Health.settings(42, Action.ALERT);
    HealthSettings settings =
        new HealthSettings(
            base.window(),
            base.minRequests(),
            base.evaluateEvery(),
            base.staleAfter(),
            base.noDataAfter(),
            base.errorRate(),
            base.latencyP95(),
            new CostSettings(new BigDecimal("0.10"), Action.ROLLBACK),
            base.sequential(),
            base.baseline());
    RollbackController controller = new RollbackController(settings, Health.UNDEMANDING);
    assertThat(controller.checkHealth(Health.metrics(both)).findings())
        .extracting(Finding::metric)
        .containsExactly(Metric.COST_PER_REQUEST, Metric.ERROR_RATE);
  }

  @Test
  void aRateJustOverItsLimitDoesNotReadTheSame() {
    WindowCounts just = new WindowCounts(0, 100_000, 5_001, 0, 0, 0, 0, 0);
    assertThat(decide(42, Action.ROLLBACK, just).sentence())
        .startsWith("error rate 5.001 % > 5.0 %, 5001 of 100000");
    WindowCounts dear = new WindowCounts(0, 0, 0, 0, 1_000_000, 0, 100_000_000_000_001L, 0);
    assertThat(decide(42, Action.ROLLBACK, dear).sentence())
        .startsWith("cost per request 0.100000000000001 USD > 0.1 USD, mean of 1000000");
  }

  @Test
  void aPlainFindingThatOnlyAlertsKeepsTheCanaryButDoesNotPromote() {
    RollbackDecision decision = decide(42, Action.ALERT, BAD);
    assertThat(decision.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(decision.isHealthy()).isFalse();
    assertThat(decision.promotion().ready()).isFalse();
  }

  @Test
  void aSequentialFindingTellsItsEvidence() {
    EvidenceFigures error = Health.evidence(EvidenceStatus.EXCEEDED, 6.937, 5.809, 3, 3);
    HealthMetrics metrics =
        Health.with(
            Health.metrics(new WindowCounts(3, 3, 3, 0, 0, 0, 0, 0)),
            new SequentialFigures(error, none(), none(), none(), ArmCounts.NONE, 3));
    RollbackDecision decision = controller(2_000, Action.ROLLBACK).checkHealth(metrics);
    assertThat(decision.isRollback()).isTrue();
    assertThat(decision.findings()).hasSize(1);
    assertThat(decision.findings().get(0).rule()).isEqualTo(Rule.SEQ);
    assertThat(decision.sentence())
        .isEqualTo("error rate 100.0 % of 3 against a limit of 5.0 %: evidence 6.9 of 5.8 nats");
    assertThat(controller(2_000, Action.ALERT).checkHealth(metrics).verdict())
        .isEqualTo(Verdict.ALERT);
  }

  @Test
  void theOtherSequentialFindingsTellTheirsToo() {
    EvidenceFigures yes = Health.evidence(EvidenceStatus.EXCEEDED, 7, 6.2, 500, 50);
    EvidenceFigures dear = Health.evidence(EvidenceStatus.EXCEEDED, 7, 6.2, 500, 100_000_000_000L);
    CusumRun arms = new CusumRun(7, 500, 50, 4_500, 45);
    EvidenceFigures worse = new EvidenceFigures(EvidenceStatus.EXCEEDED, 7, 6.2, 500, 50, arms);
    HealthMetrics metrics =
        Health.with(
            Health.metrics(WindowCounts.NONE),
            new SequentialFigures(none(), yes, dear, worse, ArmCounts.NONE, 99));
    assertThat(sentences(controller(2_000, Action.ROLLBACK).checkHealth(metrics)))
        .containsExactly(
            "slower than 5s 10.0 % of 500 against a limit of 5.0 %: evidence 7.0 of 6.2 nats",
            "cost per request 0.2 USD, mean of 500, against a limit of 0.1 USD:"
                + " evidence 7.0 of 6.2 nats",
            "error rate 10.0 % of 500 against legacy's 1.0 % of 4500 (allowed: 2.5 %):"
                + " evidence 7.0 of 6.2 nats");
  }

  @Test
  void aLateRegressionTellsTheFiguresSinceItBeganAndThoseOfAllBeside() {
    EvidenceFigures late = late(12_111, 154, new CusumRun(9, 111, 33, 0, 0));
    EvidenceFigures dear = late(900, 9_000_000_000L, new CusumRun(9, 40, 12_000_000_000L, 0, 0));
    EvidenceFigures worse = late(12_111, 154, new CusumRun(9, 111, 33, 1_000, 10));
    HealthMetrics metrics =
        Health.with(
            Health.metrics(WindowCounts.NONE),
            new SequentialFigures(late, none(), dear, worse, ArmCounts.NONE, 99));
    RollbackDecision decision = controller(2_000, Action.ROLLBACK).checkHealth(metrics);
    assertThat(sentences(decision))
        .containsExactly(
            "error rate 29.7 % of the last 111 (of all 12111: 1.3 %) against a limit of 5.0 %:"
                + " evidence 6.9 of 5.8 nats",
            "cost per request 0.3 USD, mean of the last 40 (of all 900: 0.01 USD), against a limit"
                + " of 0.1 USD: evidence 6.9 of 5.8 nats",
            "error rate 29.7 % of the last 111 (of all 12111: 1.3 %) against legacy's 1.0 % of"
                + " 1000 (allowed: 2.5 %): evidence 6.9 of 5.8 nats");
    assertThat(decision.findings())
        .allMatch(finding -> finding.observed() > finding.limit())
        .extracting(Finding::samples)
        .containsExactly(111L, 40L, 111L);
  }

  private static EvidenceFigures late(long samples, long hits, CusumRun stretch) {
    return new EvidenceFigures(EvidenceStatus.EXCEEDED, 6.9, 5.8, samples, hits, stretch);
  }

  @Test
  void unknownCostsHoldThePromotionAlsoWithoutSequentialTests() {
    HealthSettings off = Health.settings(42, 0.05, new BigDecimal("0.10"), Action.ROLLBACK, false);
    RollbackController controller = new RollbackController(off, Health.UNDEMANDING);
    WindowCounts half = new WindowCounts(900, 900, 0, 0, 450, 450, 450, 0);
    assertThat(controller.checkHealth(Health.metrics(half)).promotion().missing())
        .containsExactly("the cost of more than 5 % of the answers, which is unknown");
    WindowCounts none = new WindowCounts(900, 900, 0, 0, 0, 900, 0, 0);
    assertThat(controller.checkHealth(Health.metrics(none)).promotion().ready()).isTrue();
    WindowCounts few = new WindowCounts(900, 900, 0, 0, 864, 36, 864, 0);
    assertThat(controller.checkHealth(Health.metrics(few)).promotion().missing())
        .containsExactly("the cost of 36 of 900 answers, which is unknown and may be high");
    WindowCounts hardlyAny = new WindowCounts(900, 900, 0, 0, 892, 8, 892, 0);
    assertThat(controller.checkHealth(Health.metrics(hardlyAny)).promotion().ready()).isTrue();
    WindowCounts dearAlready = new WindowCounts(900, 900, 0, 0, 891, 9, 891, 90_000_000_000L);
    assertThat(controller.checkHealth(Health.metrics(dearAlready)).promotion().missing())
        .contains("the cost of 9 of 900 answers, which is unknown and may be high");
    HealthSettings alerting =
        Health.settings(42, 0.05, new BigDecimal("0.10"), Action.ALERT, false);
    RollbackController told = new RollbackController(alerting, Health.UNDEMANDING);
    assertThat(told.checkHealth(Health.metrics(half)).promotion().ready()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "9, 9, 2, false",
    "10, 4, 2, false",
    "10, 5, 2, true",
    "100, 5, 2, false",
    "100, 6, 2, true",
    "10, 5, 6, false"
  })
  void anOpenBreakerIsConfirmedByEnoughOfTheLastObservations(
      long n, long failed, int floorKeys, boolean rollsBack) {
    HealthSettings base = Health.DEFAULTS;
    HealthSettings settings =
        new HealthSettings(
            base.window(),
            base.minRequests(),
            base.evaluateEvery(),
            base.staleAfter(),
            base.noDataAfter(),
            base.errorRate(),
            base.latencyP95(),
            base.costPerRequestUsd(),
            new SequentialSettings(true, 0.01, new FloorSettings(10, floorKeys)),
            base.baseline());
    BreakerFacts open = new BreakerFacts(true, false, false).with(new ShareCounts(failed, n));
    RollbackDecision decision =
        new RollbackController(settings, Health.UNDEMANDING)
            .checkHealth(Health.with(Health.metrics(GOOD), open));
    assertThat(decision.isRollback()).isEqualTo(rollsBack);
    if (rollsBack) {
      assertThat(decision.sentence())
          .isEqualTo(
              "circuit breaker of foundry open and %d of the last %d observations failed"
                  .formatted(failed, n));
    }
  }

  @Test
  void anOpenBreakersSentenceTellsWhatConfirmsIt() {
    assertThat(open(true, true)).endsWith("open and its probe is down");
    assertThat(open(false, true)).endsWith("open and its first trial failed");
  }

  private static String open(boolean down, boolean failed) {
    HealthMetrics metrics = Health.with(Health.metrics(GOOD), new BreakerFacts(true, down, failed));
    return controller(2_000, Action.ROLLBACK).checkHealth(metrics).sentence();
  }

  @Test
  void aTestThatIsDisabledOrInconclusiveIsNoEvidence() {
    EvidenceFigures off = Health.evidence(EvidenceStatus.DISABLED, 99, 5.8, 500, 50);
    EvidenceFigures unknown = Health.evidence(EvidenceStatus.INCONCLUSIVE, 99, 5.8, 500, 50);
    EvidenceFigures few = Health.evidence(EvidenceStatus.BELOW_FLOOR, 99, 5.8, 9, 9);
    HealthMetrics metrics =
        Health.with(
            Health.metrics(GOOD), new SequentialFigures(off, few, unknown, off, ArmCounts.NONE, 1));
    RollbackDecision decision = controller(2_000, Action.ROLLBACK).checkHealth(metrics);
    assertThat(decision.findings()).isEmpty();
    assertThat(decision.verdict()).isEqualTo(Verdict.HEALTHY);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, false, true",
    "true, false, true, true",
    "true, false, false, false",
    "false, true, true, false"
  })
  void anOpenBreakerRollsBackWhenTheProbeOrATrialConfirmsIt(
      boolean open, boolean down, boolean failed, boolean rollsBack) {
    HealthMetrics metrics = Health.with(Health.metrics(GOOD), new BreakerFacts(open, down, failed));
    RollbackDecision decision = controller(2_000, Action.ALERT).checkHealth(metrics);
    assertThat(decision.isRollback()).isEqualTo(rollsBack);
  }

  @Test
  void staleDataHoldsButStillRollsBack() {
    HealthMetrics good = Health.with(Health.metrics(GOOD), STALE);
    RollbackDecision held = controller(42, Action.ROLLBACK).checkHealth(good);
    assertThat(held.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(held.hold()).isEqualTo(HoldReason.STALE);
    assertThat(held.sentence()).isEqualTo("silent sources: loop-2");
    HealthMetrics bad = Health.with(Health.metrics(BAD), STALE);
    assertThat(controller(42, Action.ROLLBACK).checkHealth(bad).isRollback()).isTrue();
  }

  @Test
  void noDataHolds() {
    RollbackDecision never = decide(42, Action.ROLLBACK, WindowCounts.NONE);
    assertThat(never.hold()).isEqualTo(HoldReason.NO_DATA);
    HealthMetrics silent = Health.with(Health.metrics(GOOD), new Freshness(1, List.of(), 600_001));
    RollbackDecision longAgo = controller(2_000, Action.ROLLBACK).checkHealth(silent);
    assertThat(longAgo.hold()).isEqualTo(HoldReason.NO_DATA);
    assertThat(longAgo.sentence()).isEqualTo("no observation of foundry for 600 s");
  }

  @Test
  void tooFewObservationsHold() {
    RollbackController demanding =
        new RollbackController(
            Health.DEFAULTS, new RolloutPlan(3, Health.PLAN.planned(), 901, false));
    RollbackDecision decision = demanding.checkHealth(Health.metrics(GOOD));
    assertThat(decision.hold()).isEqualTo(HoldReason.TOO_FEW);
    assertThat(decision.promotion().observationsMissing()).isEqualTo(1);
    assertThat(decision.promotion().missing())
        .containsExactly("1 more observations of foundry (900 of 901)");
  }

  @Test
  void aLimitExceededInTooFewObservationsForThePlainRuleIsNotHealthy() {
    RollbackDecision decision = decide(2_000, Action.ROLLBACK, BAD);
    assertThat(decision.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(decision.hold()).isEqualTo(HoldReason.OVER_LIMIT);
    assertThat(decision.sentence())
        .isEqualTo(
            "error rate 33.3 % > 5.0 %, 14 of 42 (fewer than the 2000 that the plain rule needs)");
  }

  @Test
  void whatIsOverItsLimitIsToldHoweverFewTheObservationsAre() {
    List<String> over = List.of("error rate 33.3 % > 5.0 %, 14 of 42");
    assertThat(decide(2_000, Action.ROLLBACK, BAD).overLimit()).isEqualTo(over);
    RollbackController demanding =
        new RollbackController(
            Health.DEFAULTS, new RolloutPlan(3, Health.PLAN.planned(), 901, false));
    RollbackDecision few = demanding.checkHealth(Health.metrics(BAD));
    assertThat(few.hold()).isEqualTo(HoldReason.TOO_FEW);
    assertThat(few.overLimit()).isEqualTo(over);
    assertThat(decide(2_000, Action.ROLLBACK, GOOD).overLimit()).isEmpty();
  }

  @Test
  void aFollowersSequentialEvidenceOnlyAlertsForAlphaIsTheWholeRollouts() {
    RollbackController controller = controller(2_000, Action.ROLLBACK);
    HealthMetrics seen = Health.with(Health.metrics(GOOD), exceeded());
    assertThat(controller.checkHealth(seen, true).verdict()).isEqualTo(Verdict.ROLLBACK);
    RollbackDecision follower = controller.checkHealth(seen, false);
    assertThat(follower.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(follower.sentence()).isEqualTo(controller.checkHealth(seen, true).sentence());
  }

  @Test
  void aFollowerRollsBackByThePlainRuleAndTheBreaker() {
    HealthMetrics bad = Health.with(Health.metrics(BAD), exceeded());
    RollbackDecision plain = controller(42, Action.ROLLBACK).checkHealth(bad, false);
    assertThat(plain.isRollback()).isTrue();
    assertThat(plain.findings().get(0).rule()).as("what rolls back first").isEqualTo(Rule.PLAIN);
    HealthMetrics down = Health.with(Health.metrics(GOOD), new BreakerFacts(true, true, false));
    assertThat(controller(42, Action.ROLLBACK).checkHealth(down, false).isRollback()).isTrue();
  }

  private static SequentialFigures exceeded() {
    EvidenceFigures error = Health.evidence(EvidenceStatus.EXCEEDED, 6.9, 5.8, 42, 14);
    return new SequentialFigures(error, none(), none(), none(), ArmCounts.NONE, 3);
  }

  @Test
  void healthWithoutProofIsHealthyButNotPromoted() {
    RollbackController proving =
        new RollbackController(Health.DEFAULTS, new RolloutPlan(3, Health.PLAN.planned(), 0, true));
    RollbackDecision decision = proving.checkHealth(Health.metrics(GOOD));
    assertThat(decision.isHealthy()).isTrue();
    assertThat(decision.promotion().ready()).isFalse();
    assertThat(decision.promotion().missing())
        .containsExactly(
            "proof of less than 5.0 % errors (0 of 0; evidence 0.0 of 3.0 nats)",
            "proof of less than 5.0 % slow answers (0 of 0; evidence 0.0 of 3.0 nats)");
  }

  @Test
  void healthWithEverythingIsPromotable() {
    RollbackDecision decision = decide(2_000, Action.ROLLBACK, GOOD);
    assertThat(decision.verdict()).isEqualTo(Verdict.HEALTHY);
    assertThat(decision.promotion()).isEqualTo(new Promotion(true, 0, List.of()));
    assertThat(decision.sentence())
        .isEqualTo(
            "healthy: error rate 0.3 % <= 5.0 %, 3 of 900; slower than 5s 0.2 % <= 5.0 %, 2 of 900");
  }

  @Test
  void theStatusTellsWhatIsWatchedAndWhatWasDecidedLast() {
    RollbackController controller = controller(42, Action.ROLLBACK);
    RollbackStatus status = controller.status(controller.checkHealth(Health.metrics(BAD)));
    assertThat(status.errorThreshold()).isEqualTo(0.05);
    assertThat(status.latencyThreshold()).isEqualTo(5_000);
    assertThat(status.costThreshold()).isEqualByComparingTo(new BigDecimal("0.10"));
    assertThat(status.minRequests()).isEqualTo(42);
    assertThat(status.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(status.findings()).hasSize(1);
  }

  private static EvidenceFigures none() {
    return Health.evidence(EvidenceStatus.WATCHING, 0, 5.8, 0, 0);
  }

  private static List<String> sentences(RollbackDecision decision) {
    return decision.findings().stream().map(Finding::sentence).toList();
  }

  private static RollbackDecision decide(long minRequests, Action action, WindowCounts window) {
    return controller(minRequests, action).checkHealth(Health.metrics(window));
  }

  private static RollbackController controller(long minRequests, Action action) {
    return new RollbackController(Health.settings(minRequests, action), Health.UNDEMANDING);
  }
}
