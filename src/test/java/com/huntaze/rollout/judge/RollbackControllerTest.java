package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Records;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.CostSettings;
import com.huntaze.rollout.health.Freshness;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.sequential.CusumRun;
import com.huntaze.rollout.judge.sequential.EvidenceFigures;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.WindowCounts;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RollbackControllerTest {
  private static final Counts GOOD =
      Counts.of(Counter.OBSERVED, 900)
          .with(Counter.SETTLED, 900)
          .with(Counter.ERRORS, 3)
          .with(Counter.SLOW, 2)
          .with(Counter.COST_KNOWN, 900)
          .with(Counter.COST_NANO, 900);
  private static final Counts BAD =
      Counts.of(Counter.OBSERVED, 42)
          .with(Counter.SETTLED, 42)
          .with(Counter.ERRORS, 14)
          .with(Counter.COST_KNOWN, 42)
          .with(Counter.COST_NANO, 42);
  private static final Freshness STALE = new Freshness(2, List.of("loop-2"), 0, false);

  @Test
  void aPlainFindingTellsRateLimitAndCounts() {
    RollbackDecision decision = decide(42, Action.ROLLBACK, BAD);
    assertThat(decision.isRollback()).isTrue();
    assertThat(decision.sentence())
        .isEqualTo(
            "error rate 33.3 % > 5.0 %, 14 of 42; the sequential test does not agree: may be chance");
    Finding finding = decision.findings().get(0);
    assertThat(finding.observed()).isEqualTo(14 / 42.0);
    assertThat(finding.limit()).isEqualTo(0.05);
    assertThat(finding.lnThreshold()).isEqualTo(5.8);
  }

  @Test
  void latencyAndCostFindingsTellTheirsToo() {
    Counts bad =
        Counts.of(Counter.OBSERVED, 42)
            .with(Counter.SETTLED, 42)
            .with(Counter.SLOW, 4)
            .with(Counter.COST_KNOWN, 42)
            .with(Counter.COST_NANO, 42 * 120_000_000L);
    assertThat(sentences(decide(42, Action.ROLLBACK, bad)))
        .containsExactly(
            "latency p95 > 5s: slower 9.5 % > 5.0 %, 4 of 42; the sequential test does not agree: may be chance",
            "cost per request 0.12 USD > 0.1 USD, mean of 42; the sequential test does not agree: may be chance");
  }

  @Test
  void theCostsFigureAndLimitAreUsd() {
    Counts bad =
        Counts.of(Counter.OBSERVED, 42)
            .with(Counter.SETTLED, 42)
            .with(Counter.COST_KNOWN, 42)
            .with(Counter.COST_NANO, 42 * 120_000_000L);
    Finding finding = decide(42, Action.ROLLBACK, bad).findings().get(0);
    assertThat(finding.observed()).isEqualTo(0.12);
    assertThat(finding.limit()).isEqualTo(0.1);
  }

  @ParameterizedTest
  @CsvSource({"DISABLED", "INCONCLUSIVE"})
  void noEvidenceStandsBesideAPlainFindingWhereThereIsNone(EvidenceStatus status) {
    EvidenceFigures none = evidence(Metric.ERROR_RATE, status, 42, 14);
    HealthMetrics metrics = Health.with(Health.metrics(BAD), none);
    Finding finding = controller(42, Action.ROLLBACK).checkHealth(metrics).findings().get(0);
    assertThat(finding.sentence()).isEqualTo("error rate 33.3 % > 5.0 %, 14 of 42");
    assertThat(finding.lnE()).isZero();
    assertThat(finding.lnThreshold()).isZero();
  }

  @Test
  void whatRollsBackStandsBeforeWhatOnlyAlerts() {
    Counts both =
        Counts.of(Counter.OBSERVED, 42)
            .with(Counter.SETTLED, 42)
            .with(Counter.ERRORS, 14)
            .with(Counter.COST_KNOWN, 42)
            .with(Counter.COST_NANO, 42 * 120_000_000L);
    HealthSettings settings =
        Health.with(
            Health.settings(42, Action.ALERT),
            new CostSettings(new BigDecimal("0.10"), Action.ROLLBACK));
    RollbackController controller = new RollbackController(settings, Health.UNDEMANDING);
    assertThat(controller.checkHealth(Health.metrics(both)).findings())
        .extracting(Finding::metric)
        .containsExactly(Metric.COST_PER_REQUEST, Metric.ERROR_RATE);
  }

  @Test
  void aRateJustOverItsLimitDoesNotReadTheSame() {
    Counts just = Counts.of(Counter.SETTLED, 100_000).with(Counter.ERRORS, 5_001);
    assertThat(decide(42, Action.ROLLBACK, just).sentence())
        .startsWith("error rate 5.001 % > 5.0 %, 5001 of 100000");
    Counts dear =
        Counts.of(Counter.COST_KNOWN, 1_000_000).with(Counter.COST_NANO, 100_000_000_000_001L);
    assertThat(decide(42, Action.ROLLBACK, dear).sentence())
        .startsWith("cost per request 0.100000000000001 USD > 0.1 USD, mean of 1000000");
  }

  @Test
  void aPlainFindingThatOnlyAlertsKeepsTheCanaryButDoesNotPromote() {
    RollbackDecision decision = decide(42, Action.ALERT, BAD);
    assertThat(decision.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(decision.promotion().ready()).isFalse();
  }

  /** Whoever is woken by Foundry's failures wants to know first how the other side fares. */
  @Test
  void whateverIsFoundOfFailuresTellsLegacysBesideThem() {
    Counts legacy = Counts.of(Counter.OBSERVED, 40).with(Counter.SETTLED, 40);
    HealthMetrics metrics =
        Records.with(Health.metrics(BAD), "legacyWindow", WindowCounts.of(legacy));
    assertThat(controller(42, Action.ROLLBACK).checkHealth(metrics).sentence())
        .endsWith("; legacy failed 0.0 % of 40 in the same time");
    HealthMetrics open =
        Records.with(
            Health.with(Health.metrics(GOOD), new BreakerFacts(true, true, false, 4, 9, 0, 0)),
            "legacyWindow",
            WindowCounts.of(legacy.with(Counter.ERRORS, 1)));
    assertThat(controller(42, Action.ROLLBACK).checkHealth(open).sentence())
        .startsWith("circuit breaker of foundry open on failures of 4 users")
        .endsWith("; legacy failed 2.5 % of 40 in the same time");
  }

  @Test
  void aSequentialFindingTellsItsEvidence() {
    EvidenceFigures error =
        Health.evidence(
            Metric.ERROR_RATE,
            EvidenceStatus.EXCEEDED,
            6.937,
            5.809,
            Health.counts(Metric.ERROR_RATE, 3, 3));
    HealthMetrics metrics =
        Health.with(
            Health.metrics(
                Counts.of(Counter.OBSERVED, 3).with(Counter.SETTLED, 3).with(Counter.ERRORS, 3)),
            error);
    RollbackDecision decision = controller(2_000, Action.ROLLBACK).checkHealth(metrics);
    assertThat(decision.isRollback()).isTrue();
    assertThat(decision.findings()).hasSize(1);
    assertThat(decision.findings().get(0).rule()).isEqualTo(Rule.SEQ);
    assertThat(decision.sentence())
        .isEqualTo(
            "error rate 100.0 % of 3 against a limit of 5.0 %: a healthy Foundry looks like this 1 time in 1,000 (rolls back at 1 in 333)");
    assertThat(controller(2_000, Action.ALERT).checkHealth(metrics).verdict())
        .isEqualTo(Verdict.ALERT);
  }

  @Test
  void theOtherSequentialFindingsTellTheirsToo() {
    EvidenceFigures yes = exceeded(Metric.LATENCY_P95, 500, 50);
    EvidenceFigures dear = exceeded(Metric.COST_PER_REQUEST, 500, 100_000_000_000L);
    CusumRun arms =
        new CusumRun(
            7,
            Health.counts(Metric.BASELINE, 500, 50),
            Health.counts(Metric.BASELINE, 4_500, 45),
            0);
    EvidenceFigures worse =
        new EvidenceFigures(
            Metric.BASELINE, EvidenceStatus.EXCEEDED, 7, 6.2, 7, arms.counts(), arms);
    HealthMetrics metrics = Health.with(Health.metrics(Counts.NONE), yes, dear, worse);
    assertThat(sentences(controller(2_000, Action.ROLLBACK).checkHealth(metrics)))
        .containsExactly(
            "slower than 5s 10.0 % of 500 against a limit of 5.0 %: a healthy Foundry looks like this 1 time in 1,100 (rolls back at 1 in 493)",
            "cost per request 0.2 USD, mean of 500, against a limit of 0.1 USD:"
                + " a healthy Foundry looks like this 1 time in 1,100 (rolls back at 1 in 493)",
            "error rate 10.0 % of 500 against legacy's 1.0 % of 4500 (allowed: 2.5 %):"
                + " a healthy Foundry looks like this 1 time in 1,100 (rolls back at 1 in 493)");
  }

  @Test
  void aLateRegressionTellsTheFiguresSinceItBeganAndThoseOfAllBeside() {
    EvidenceFigures late = late(Metric.ERROR_RATE, 12_111, 154, 111, 33);
    EvidenceFigures dear = late(Metric.COST_PER_REQUEST, 900, 9_000_000_000L, 40, 12_000_000_000L);
    EvidenceFigures worse = late(Metric.BASELINE, 12_111, 154, 111, 33);
    HealthMetrics metrics = Health.with(Health.metrics(Counts.NONE), late, dear, worse);
    RollbackDecision decision = controller(2_000, Action.ROLLBACK).checkHealth(metrics);
    assertThat(sentences(decision))
        .containsExactly(
            "error rate 29.7 % of the last 111 (of all 12111: 1.3 %) against a limit of 5.0 %"
                + " (legacy in the same time: 1.0 % of 1000):"
                + " a healthy Foundry looks like this 1 time in 990 (rolls back at 1 in 330)",
            "cost per request 0.3 USD, mean of the last 40 (of all 900: 0.01 USD), against a limit"
                + " of 0.1 USD: a healthy Foundry looks like this 1 time in 990 (rolls back at 1 in 330)",
            "error rate 29.7 % of the last 111 (of all 12111: 1.3 %) against legacy's 1.0 % of"
                + " 1000 (allowed: 2.5 %): a healthy Foundry looks like this 1 time in 990 (rolls back at 1 in 330)");
    assertThat(decision.findings())
        .allMatch(finding -> finding.observed() > finding.limit())
        .extracting(Finding::samples)
        .containsExactly(111L, 40L, 111L);
  }

  /** Evidence about the last observations, beside 10 errors among 1,000 of legacy's. */
  private static EvidenceFigures late(
      Metric metric, long samples, long hits, long lastSamples, long lastHits) {
    CusumRun run =
        new CusumRun(
            9,
            Health.counts(metric, lastSamples, lastHits),
            Health.counts(Metric.BASELINE, 1_000, 10),
            0);
    Counts seen = Health.counts(metric, samples, hits);
    return new EvidenceFigures(metric, EvidenceStatus.EXCEEDED, 6.9, 5.8, 6.9, seen, run);
  }

  @Test
  void unknownCostsHoldThePromotionAlsoWithoutSequentialTests() {
    HealthSettings off = Health.settings(42, 0.05, new BigDecimal("0.10"), Action.ROLLBACK, false);
    RollbackController controller = new RollbackController(off, Health.UNDEMANDING);
    Counts half =
        Counts.of(Counter.OBSERVED, 900)
            .with(Counter.SETTLED, 900)
            .with(Counter.COST_KNOWN, 450)
            .with(Counter.UNPRICED, 450)
            .with(Counter.COST_NANO, 450);
    assertThat(controller.checkHealth(Health.metrics(half)).promotion().missing())
        .containsExactly("the cost of more than 5 % of the answers, which is unknown");
    Counts none =
        Counts.of(Counter.OBSERVED, 900).with(Counter.SETTLED, 900).with(Counter.UNPRICED, 900);
    assertThat(controller.checkHealth(Health.metrics(none)).promotion().ready()).isTrue();
    Counts few =
        Counts.of(Counter.OBSERVED, 900)
            .with(Counter.SETTLED, 900)
            .with(Counter.COST_KNOWN, 864)
            .with(Counter.UNPRICED, 36)
            .with(Counter.COST_NANO, 864);
    assertThat(controller.checkHealth(Health.metrics(few)).promotion().missing())
        .containsExactly("the cost of 36 of 900 answers, which is unknown and may be high");
    Counts hardlyAny =
        Counts.of(Counter.OBSERVED, 900)
            .with(Counter.SETTLED, 900)
            .with(Counter.COST_KNOWN, 892)
            .with(Counter.UNPRICED, 8)
            .with(Counter.COST_NANO, 892);
    assertThat(controller.checkHealth(Health.metrics(hardlyAny)).promotion().ready()).isTrue();
    Counts dearAlready =
        Counts.of(Counter.OBSERVED, 900)
            .with(Counter.SETTLED, 900)
            .with(Counter.COST_KNOWN, 891)
            .with(Counter.UNPRICED, 9)
            .with(Counter.COST_NANO, 891)
            .with(Counter.NEUTRAL, 90_000_000_000L);
    assertThat(controller.checkHealth(Health.metrics(dearAlready)).promotion().missing())
        .contains("the cost of 9 of 900 answers, which is unknown and may be high");
    HealthSettings alerting =
        Health.settings(42, 0.05, new BigDecimal("0.10"), Action.ALERT, false);
    RollbackController told = new RollbackController(alerting, Health.UNDEMANDING);
    assertThat(told.checkHealth(Health.metrics(half)).promotion().ready()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "3, 100, true",
    "2, 100, false",
    "1, 100, false",
    "2, 2, true",
    "1, 2, false",
    "1, 1, false",
    "0, 0, false"
  })
  void anOpenBreakerWantsThreeUsersAmongItsFailuresOrAllThereAre(
      int users, int usersLately, boolean rollsBack) {
    BreakerFacts open = new BreakerFacts(true, false, true, users, usersLately, 0, 0);
    HealthMetrics metrics = Health.with(Health.metrics(GOOD), open);
    assertThat(controller(2_000, Action.ROLLBACK).checkHealth(metrics).isRollback())
        .isEqualTo(rollsBack);
  }

  @ParameterizedTest
  @CsvSource({"true, 3, 2, true", "true, 3, 1, false", "true, 2, 2, false", "false, 3, 2, false"})
  void aBreakerThatOpensAmongOtherFailuresWaitsForNoTrial(
      boolean isOpen, int users, int earlier, boolean rollsBack) {
    BreakerFacts facts = new BreakerFacts(isOpen, false, false, users, 100, 1, earlier);
    HealthMetrics metrics = Health.with(Health.metrics(GOOD), facts);
    RollbackDecision decision = controller(2_000, Action.ROLLBACK).checkHealth(metrics);
    assertThat(decision.isRollback()).isEqualTo(rollsBack);
    if (rollsBack) {
      assertThat(decision.sentence())
          .isEqualTo(
              "circuit breaker of foundry open on failures of 3 users, and requests of 2 more had"
                  + " failed shortly before while others succeeded");
    }
  }

  @ParameterizedTest
  @CsvSource({"2, false", "3, true"})
  void aBreakerThatOpensAgainAndAgainIsAFindingThoughItsTrialsSucceed(
      int openings, boolean rollsBack) {
    BreakerFacts closed = new BreakerFacts(false, false, false, 3, 100, openings, 0);
    HealthMetrics metrics = Health.with(Health.metrics(GOOD), closed);
    RollbackDecision decision = controller(2_000, Action.ROLLBACK).checkHealth(metrics);
    assertThat(decision.isRollback()).isEqualTo(rollsBack);
    if (rollsBack) {
      assertThat(decision.sentence())
          .isEqualTo(
              "circuit breaker of foundry opened 3 times in ten minutes, each time on failures of"
                  + " several users");
    }
  }

  @Test
  void anOpenBreakersSentenceTellsWhatConfirmsIt() {
    assertThat(open(true, true))
        .isEqualTo("circuit breaker of foundry open on failures of 4 users, and its probe is down");
    assertThat(open(false, true)).endsWith("of 4 users, and its trial failed, too");
  }

  private static String open(boolean down, boolean failed) {
    HealthMetrics metrics =
        Health.with(Health.metrics(GOOD), new BreakerFacts(true, down, failed, 4, 9, 0, 0));
    return controller(2_000, Action.ROLLBACK).checkHealth(metrics).sentence();
  }

  @Test
  void aTestThatIsDisabledOrInconclusiveIsNoEvidence() {
    EvidenceFigures off = evidence(Metric.ERROR_RATE, EvidenceStatus.DISABLED, 500, 50);
    EvidenceFigures unknown =
        evidence(Metric.COST_PER_REQUEST, EvidenceStatus.INCONCLUSIVE, 500, 50);
    EvidenceFigures few = evidence(Metric.LATENCY_P95, EvidenceStatus.BELOW_FLOOR, 9, 9);
    HealthMetrics metrics = Health.with(Health.metrics(GOOD), off, few, unknown);
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
    HealthMetrics metrics =
        Health.with(Health.metrics(GOOD), new BreakerFacts(open, down, failed, 4, 9, 0, 0));
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
    RollbackDecision never = decide(42, Action.ROLLBACK, Counts.NONE);
    assertThat(never.hold()).isEqualTo(HoldReason.NO_DATA);
    HealthMetrics silent =
        Health.with(Health.metrics(GOOD), new Freshness(1, List.of(), 600_001, false));
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
            "error rate 33.3 % > 5.0 %, 14 of 42; held, too few to act on: that takes 2000"
                + " observations, or more certainty (error rate: a healthy Foundry often looks like"
                + " this (rolls back at 1 in 330))");
  }

  @Test
  void aHoldOnTooFewNamesNoCertaintyWhereTheTestsAreOff() {
    RollbackController controller = controller(2_000, Action.ROLLBACK);
    HealthMetrics metrics =
        Health.with(
            Health.metrics(BAD),
            Health.evidence(Metric.ERROR_RATE, EvidenceStatus.DISABLED, 0, 5.8, Counts.NONE));
    assertThat(controller.checkHealth(metrics).sentence())
        .endsWith("; held, too few to act on: that takes 2000 observations");
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
    assertThat(controller.checkHealth(seen, Standing.LEADER).verdict()).isEqualTo(Verdict.ROLLBACK);
    RollbackDecision follower = controller.checkHealth(seen, Standing.FOLLOWER);
    assertThat(follower.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(follower.sentence())
        .isEqualTo(
            controller.checkHealth(seen, Standing.LEADER).sentence()
                + "; only told: this replica does not lead");
  }

  /** Its part of alpha is in the threshold that was exceeded. */
  @Test
  void theJudgeOfASideRollsBackByItsEvidence() {
    HealthMetrics seen = Health.with(Health.metrics(GOOD), exceeded());
    assertThat(controller(2_000, Action.ROLLBACK).checkHealth(seen, Standing.SIDE).verdict())
        .isEqualTo(Verdict.ROLLBACK);
  }

  @Test
  void aFollowerRollsBackByThePlainRuleAndTheBreaker() {
    HealthMetrics bad = Health.with(Health.metrics(BAD), exceeded());
    RollbackDecision plain = controller(42, Action.ROLLBACK).checkHealth(bad, Standing.FOLLOWER);
    assertThat(plain.isRollback()).isTrue();
    assertThat(plain.findings().get(0).rule()).as("what rolls back first").isEqualTo(Rule.PLAIN);
    HealthMetrics down =
        Health.with(Health.metrics(GOOD), new BreakerFacts(true, true, false, 4, 9, 0, 0));
    assertThat(controller(42, Action.ROLLBACK).checkHealth(down, Standing.FOLLOWER).isRollback())
        .isTrue();
  }

  private static EvidenceFigures exceeded() {
    return exceeded(Metric.ERROR_RATE, 42, 14);
  }

  private static EvidenceFigures exceeded(Metric metric, long samples, long hits) {
    Counts seen = Health.counts(metric, samples, hits);
    return Health.evidence(metric, EvidenceStatus.EXCEEDED, 7, 6.2, seen);
  }

  private static EvidenceFigures evidence(
      Metric metric, EvidenceStatus status, long samples, long hits) {
    return Health.evidence(metric, status, 99, 5.8, Health.counts(metric, samples, hits));
  }

  @Test
  void healthWithoutProofIsHealthyButNotPromoted() {
    RollbackController proving =
        new RollbackController(Health.DEFAULTS, new RolloutPlan(3, Health.PLAN.planned(), 0, true));
    RollbackDecision decision = proving.checkHealth(Health.metrics(GOOD));
    assertThat(decision.verdict()).isEqualTo(Verdict.HEALTHY);
    assertThat(decision.promotion().ready()).isFalse();
    assertThat(decision.promotion().missing())
        .containsExactly(
            "proof of less than 5.0 % errors (0 of 0, at most one per user and 10 s, 900 in all;"
                + " certain to 0 %, 95 % are needed: 74 more without one)",
            "proof of less than 5.0 % slow answers (0 of 0, at most one per user and 10 s, 900 in"
                + " all; certain to 0 %, 95 % are needed: 74 more without one)");
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

  private static List<String> sentences(RollbackDecision decision) {
    return decision.findings().stream().map(Finding::sentence).toList();
  }

  private static RollbackDecision decide(long minRequests, Action action, Counts window) {
    return controller(minRequests, action).checkHealth(Health.metrics(window));
  }

  private static RollbackController controller(long minRequests, Action action) {
    return new RollbackController(Health.settings(minRequests, action), Health.UNDEMANDING);
  }
}
