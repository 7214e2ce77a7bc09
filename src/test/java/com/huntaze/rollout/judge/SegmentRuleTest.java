package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.MetricRow.State;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.segment.Segment;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import org.junit.jupiter.api.Test;

/** The whole judge by the default settings, where a part of the traffic is worse off. */
class SegmentRuleTest {
  private static final String EPOCH = "1-a";
  private static final int USERS = 40;
  private static final Outcome GOOD = Meaning.COMPLETE.outcome();
  private static final Outcome FAILED = Meaning.TRANSIENT_STATUS.outcome(500);

  private final ObservationCounter source =
      new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
  private final HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
  private long now;

  SegmentRuleTest() {
    judge.stageBegan(EPOCH, 0, 0, now);
    source.began(EPOCH, 0);
  }

  /** A minute in which one request in thirty names a model, and another agent's use it, too. */
  private RollbackDecision decide(Outcome foundry) {
    RollbackDecision decision = null;
    for (int second = 0; second < 60; second++) {
      for (int user = 0; user < USERS; user++) {
        boolean named = (second + user) % 30 == 0;
        compare(Provider.FOUNDRY, user, named, named ? foundry : GOOD);
        compare(Provider.LEGACY, USERS + user, named, GOOD);
      }
      source.open(Provider.FOUNDRY, EPOCH, 0).settle(true, 640, 1_000_000, "gpt");
      now += 1_000;
      source.rows().forEach(row -> judge.take(row, now));
      decision =
          new RollbackController(Health.DEFAULTS, Health.PLAN)
              .checkHealth(judge.tick(now, BreakerFacts.CLOSED));
    }
    return decision;
  }

  private void compare(Provider provider, int user, boolean named, Outcome outcome) {
    ExchangeKind kind =
        new ExchangeKind(named ? "gpt-x" : "gpt-y", named ? "vision" : "chat", "POST /route", null);
    Compared.Origin origin = new Compared.Origin(provider, EPOCH, 0, user, 0, kind);
    judge.compare(new Compared(origin, outcome, 640, false, 200, 1_000_000));
  }

  @Test
  void aModelThatFailsHoldsAndIsNamed() {
    RollbackDecision decision = decide(FAILED);
    assertThat(decision.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(decision.promotion().ready()).isFalse();
    assertThat(decision.findings())
        .filteredOn(finding -> finding.rule() == Rule.SEGMENT)
        .extracting(Finding::metric)
        .containsExactly(Metric.USER_ERRORS);
    assertThat(decision.sentence())
        .contains(
            "errors by user in model gpt-x: 100.0 % (20 of 20 users) against legacy's 0.0 % (0 of 20"
                + " users) at the same time (allowed: 1.0 %); users who are alike look like this 1"
                + " time in ",
            "; worse in agent vision, too")
        .endsWith(
            "; the last 64 failures: 64 answers 500, of 40 users; 64 of them are agent vision;"
                + " only told: nothing is promoted meanwhile");
  }

  @Test
  void itsRowsComeFirst() {
    RollbackDecision decision = decide(FAILED);
    assertThat(decision.segments().get(0).segment())
        .isEqualTo(new Segment(Segment.Kind.MODEL, "gpt-x"));
    assertThat(decision.segments().get(0).row().state()).isEqualTo(State.OVER);
    assertThat(decision.segments().get(0).row().title()).isEqualTo("Errors by user, model gpt-x");
    assertThat(decision.segments())
        .filteredOn(part -> part.row().state() == State.OVER)
        .extracting(part -> part.segment().name())
        .containsExactlyInAnyOrder("gpt-x", "vision");
  }

  @Test
  void whereAllIsWellNoPartIsTold() {
    RollbackDecision decision = decide(GOOD);
    assertThat(decision.findings()).isEmpty();
    assertThat(decision.segments())
        .isNotEmpty()
        .noneMatch(part -> part.row().state() == State.OVER);
    assertThat(decision.sentence()).doesNotContain("failures");
  }

  @Test
  void overARestartItIsStillHeld() {
    decide(FAILED);
    JudgeCheckpoint kept = judge.checkpoint();
    HealthJudge next = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    next.stageBegan(EPOCH, 0, 0, now);
    next.restore(kept, now);
    RollbackDecision decision =
        new RollbackController(Health.DEFAULTS, Health.PLAN)
            .checkHealth(next.tick(now, BreakerFacts.CLOSED));
    assertThat(decision.sentence()).contains("errors by user in model gpt-x: 100.0 %");
  }

  @Test
  void afterARestartNoPartThatIsAllOfTheTrafficIsTold() {
    decide(FAILED);
    JudgeCheckpoint kept = judge.checkpoint();
    HealthJudge next = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    next.stageBegan(EPOCH, 0, 0, now);
    next.restore(kept, now);
    for (int i = 0; i < 12; i++) {
      RollbackDecision decision =
          new RollbackController(Health.DEFAULTS, Health.PLAN)
              .checkHealth(next.tick(now, BreakerFacts.CLOSED));
      assertThat(decision.sentence()).doesNotContain("route POST /route");
    }
  }

  /** The whole may be within what is allowed, where the part of which it was found is not. */
  @Test
  void aPartThatWasFoundStaysFoundAsItBecomesNearlyAll() {
    decide(FAILED);
    RollbackDecision decision = null;
    for (int i = 0; i < 100_000; i++) {
      compare(Provider.LEGACY, USERS + i % USERS, true, GOOD);
    }
    for (int i = 0; i < 12; i++) {
      decision =
          new RollbackController(Health.DEFAULTS, Health.PLAN)
              .checkHealth(judge.tick(now, BreakerFacts.CLOSED));
    }
    assertThat(decision.sentence()).contains("errors by user in model gpt-x: ");
  }
}
