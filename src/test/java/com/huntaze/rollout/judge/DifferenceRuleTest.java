package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Records;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BaselineSettings;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.Budget;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.MetricRow.State;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.judge.segment.SegmentTests;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole judge by the default settings, over users of whom Foundry's are worse off or not. */
class DifferenceRuleTest {
  private static final String EPOCH = "1-a";
  private static final int USERS = 40;
  private static final Outcome GOOD = Meaning.COMPLETE.outcome();
  private static final Outcome REFUSED = Meaning.CALLER_ERROR.outcome(422);

  private final ObservationCounter source =
      new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
  private long now;

  @Test
  void eachTraitIsAMetricAndTheirPartsOfTheBudgetAreNoMoreThanAll() {
    assertThat(Metric.judgedBy(Rule.DIFFERENCE).map(Metric::trait))
        .containsExactlyElementsOf(Trait.ALL);
    for (Budget budget : Budget.values()) {
      double parts =
          Metric.ALL.stream()
              .filter(metric -> metric.budget() == budget)
              .mapToDouble(Metric::alphaPart)
              .sum();
      parts += budget == Budget.HOLDS ? SegmentTests.ALPHA_PART : 0;
      assertThat(parts).as(budget.name()).isLessThanOrEqualTo(1 + 1e-9);
    }
  }

  @Test
  void aFoundryThatRefusesHalfIsToldAndHolds() {
    RollbackDecision decision = decide(judge(Health.DEFAULTS), Health.DEFAULTS, REFUSED);
    assertThat(decision.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(decision.promotion().ready()).isFalse();
    assertThat(decision.sentence())
        .startsWith(
            "answers 422 by user: 100.0 % (40 of 40 users) against legacy's 0.0 % (0 of 40 users)"
                + " at the same time (allowed: 1.0 %); users who are alike look like this 1 time in")
        .contains("(holds at 1 in ")
        .contains("; over when 50 further requests of foundry are within that (");
    assertThat(row(decision, Metric.USER_UNPROCESSABLE).state()).isEqualTo(State.OVER);
    assertThat(row(decision, Metric.USER_BAD_REQUEST).state()).isEqualTo(State.OK);
    assertThat(row(decision, Metric.USER_BAD_REQUEST).sentence())
        .isEqualTo(
            "answers 400 by user: 0.0 % (0 of 40 users) against legacy's 0.0 % (0 of 40 users) at"
                + " the same time (allowed: 1.0 %); users who are alike often look like this (holds"
                + " at 1 in "
                + needed(decision)
                + ")");
  }

  private static String needed(RollbackDecision decision) {
    String sentence = row(decision, Metric.USER_BAD_REQUEST).sentence();
    return sentence.substring(sentence.indexOf("1 in ") + 5, sentence.length() - 1);
  }

  @Test
  void amountsAreToldInTheirUnits() {
    RollbackDecision decision = decide(judge(Health.DEFAULTS), Health.DEFAULTS, GOOD);
    assertThat(row(decision, Metric.USER_LATENCY).sentence())
        .startsWith("latency by user: 640 ms (40 users) against legacy's 640 ms (40 users)")
        .contains("(allowed: 960 ms)");
    assertThat(row(decision, Metric.USER_COST).sentence()).contains("(allowed: 0.001500 USD)");
    assertThat(row(decision, Metric.USER_OUTPUT_TOKENS).sentence())
        .contains("(allowed: 133 tokens to 300 tokens)");
  }

  /** Nobody compares what nobody has had. */
  @Test
  void withoutUsersThereIsNothingToCompare() {
    HealthJudge judge = judge(Health.DEFAULTS);
    RollbackDecision decision = tick(judge, Health.DEFAULTS);
    assertThat(row(decision, Metric.USER_ERRORS).state()).isEqualTo(State.NO_DATA);
    assertThat(row(decision, Metric.USER_ERRORS).sentence()).isEqualTo("not compared yet");
  }

  /** Their budget is that of holds: a rollback is for the rates of errors. */
  @ParameterizedTest
  @EnumSource(Action.class)
  void theyHoldAtMost(Action action) {
    HealthSettings settings =
        Records.with(Health.DEFAULTS, "baseline", new BaselineSettings(action, 1.5, 0.01));
    RollbackDecision decision = decide(judge(settings), settings, REFUSED);
    Verdict expected =
        switch (action) {
          case ROLLBACK, ALERT -> Verdict.ALERT;
          case OBSERVE -> Verdict.HOLD;
        };
    assertThat(decision.verdict()).isEqualTo(expected);
  }

  @Test
  void overARestartItStaysFound() {
    HealthJudge before = judge(Health.DEFAULTS);
    assertThat(decide(before, Health.DEFAULTS, REFUSED).verdict()).isEqualTo(Verdict.ALERT);
    HealthJudge after = judge(Health.DEFAULTS);
    after.restore(before.checkpoint(), now);
    assertThat(tick(after, Health.DEFAULTS).sentence()).contains("answers 422 by user");
  }

  /** Times and costs do not count yet, refusals do. */
  @Test
  void aStageThatWarmsUpComparesNeitherTimesNorCosts() {
    RolloutPlan warming = Records.with(Health.PLAN, "warmup", Duration.ofMinutes(3));
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, warming);
    judge.stageBegan(EPOCH, 0, 0, now);
    source.began(EPOCH, 0);
    RollbackDecision decision = decide(judge, Health.DEFAULTS, REFUSED);
    assertThat(row(decision, Metric.USER_UNPROCESSABLE).state()).isEqualTo(State.OVER);
    for (Metric metric : List.of(Metric.USER_LATENCY, Metric.USER_SLOW_TAIL, Metric.USER_COST)) {
      assertThat(row(decision, metric).state()).as(metric.label()).isEqualTo(State.NO_DATA);
    }
  }

  /** A wrong deployment of one team's: no difference without its key, and not kept quiet. */
  @Test
  void whatOneApiKeyAloneFindsIsNotedAndHoldsNothing() {
    HealthJudge judge = judge(Health.DEFAULTS);
    RollbackDecision decision = null;
    for (int second = 0; second < 60; second++) {
      for (int user = 0; user < USERS; user++) {
        boolean missing = user % 2 == 0;
        Outcome outcome = missing ? Meaning.NOT_FOUND.outcome() : GOOD;
        judge.compare(exchange(Provider.FOUNDRY, user, outcome, missing ? 2 : 1));
        judge.compare(exchange(Provider.LEGACY, USERS + user, GOOD, missing ? 2 : 1));
        Requester who = Requester.of(1_000L * second + user);
        Observation seen = source.open(Provider.FOUNDRY, EPOCH, 0, who, true);
        if (missing) {
          seen.notFound();
        } else {
          seen.settle(true, 640, 1_000_000, "gpt");
        }
        source.open(Provider.LEGACY, EPOCH, 0, who, true).settle(true, 640, 1_000_000, "gpt");
      }
      decision = tick(judge, Health.DEFAULTS);
    }
    assertThat(decision.findings()).isEmpty();
    assertThat(decision.notices()).extracting(Finding::metric).containsExactly(Metric.NOT_FOUND);
    assertThat(row(decision, Metric.USER_NOT_FOUND).sentence())
        .endsWith("; of the users of one API key alone, which decides nothing");
  }

  /** Another limit of slowness says nothing else of who is refused. */
  @Test
  void aReloadOfTheSameRulesGoesOn() {
    HealthJudge before = judge(Health.DEFAULTS);
    decide(before, Health.DEFAULTS, REFUSED);
    HealthJudge after = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    assertThat(after.takeOver(before, now)).isEmpty();
    assertThat(tick(after, Health.DEFAULTS).sentence()).contains("answers 422 by user");
  }

  private HealthJudge judge(HealthSettings settings) {
    HealthJudge judge = new HealthJudge(settings, Health.PLAN);
    judge.stageBegan(EPOCH, 0, 0, now);
    source.began(EPOCH, 0);
    return judge;
  }

  /** A minute in which every second request of Foundry's users ends so, and none of legacy's. */
  private RollbackDecision decide(HealthJudge judge, HealthSettings settings, Outcome foundry) {
    RollbackDecision decision = null;
    for (int second = 0; second < 60; second++) {
      for (int user = 0; user < USERS; user++) {
        boolean bad = second % 2 == 0;
        judge.compare(exchange(Provider.FOUNDRY, user, bad ? foundry : GOOD));
        judge.compare(exchange(Provider.LEGACY, USERS + user, GOOD));
      }
      source.open(Provider.FOUNDRY, EPOCH, 0).settle(true, 640, 1_000_000, "gpt");
      decision = tick(judge, settings);
    }
    return decision;
  }

  private RollbackDecision tick(HealthJudge judge, HealthSettings settings) {
    now += 1_000;
    source.rows().forEach(row -> judge.take(row, now));
    HealthMetrics metrics = judge.tick(now, BreakerFacts.CLOSED);
    return new RollbackController(settings, Health.PLAN).checkHealth(metrics);
  }

  private static Compared exchange(Provider provider, long user, Outcome outcome) {
    return exchange(provider, user, outcome, Requester.NO_KEY);
  }

  private static Compared exchange(Provider provider, long user, Outcome outcome, long apiKey) {
    Compared.Origin origin =
        new Compared.Origin(provider, EPOCH, 0, user, apiKey, ExchangeKind.UNKNOWN);
    return new Compared(origin, outcome, 640, false, 200, 1_000_000);
  }

  private static MetricRow row(RollbackDecision decision, Metric metric) {
    return decision.rows().stream()
        .filter(row -> row.metric().equals(metric.label()))
        .findFirst()
        .orElseThrow();
  }
}
