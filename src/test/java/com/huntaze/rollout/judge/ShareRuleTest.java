package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Records;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.served.ServedExchange;
import com.huntaze.rollout.judge.served.ServedExchange.Share;
import com.huntaze.rollout.judge.served.ServedShare;
import com.huntaze.rollout.judge.served.Serving;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShareRuleTest {
  private final HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);

  /** So many users, a tenth of whom the split gives to Foundry. */
  private HealthMetrics serve(int users, Serving ofFoundry) {
    judge.stageBegan("1-a", 0, 0, 0);
    Share share = new Share("1-a", 0, 10, 1);
    for (int user = 0; user < users; user++) {
      judge.serve(new ServedExchange(share, user, user % 10 == 0 ? ofFoundry : Serving.LEGACY));
    }
    return judge.tick(1_000, BreakerFacts.CLOSED);
  }

  private static RollbackDecision decide(HealthMetrics metrics) {
    return new RollbackController(Health.DEFAULTS, Health.PLAN).checkHealth(metrics);
  }

  private static MetricRow row(HealthMetrics metrics) {
    return decide(metrics).rows().stream()
        .filter(row -> row.metric().equals("served_share"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsServedAsItWasSetIsNoNotice() {
    HealthMetrics metrics = serve(1_000, Serving.FOUNDRY);
    assertThat(decide(metrics).notices()).isEmpty();
    MetricRow row = row(metrics);
    assertThat(row.state()).isEqualTo(MetricRow.State.OK);
    assertThat(row.actual()).isEqualTo("10.0 %");
    assertThat(row.limit()).isEqualTo("8.0 % to 12.5 %");
    assertThat(row.samples()).isEqualTo(1_000);
    assertThat(row.sentence())
        .isEqualTo(
            "10 % was set, 10.0 % of 1,000 users are served by foundry (each by his latest request;"
                + " 8.0 % to 12.5 % are fine)");
  }

  @Test
  void aShareThatLegacyServesInFoundrysSteadIsANoticeAndDecidesNothing() {
    HealthMetrics metrics = serve(1_000, Serving.NOT_ASKED);
    RollbackDecision decision = decide(metrics);
    assertThat(decision.findings()).isEmpty();
    assertThat(decision.notices()).hasSize(1);
    Finding notice = decision.notices().get(0);
    assertThat(notice.rule()).isEqualTo(Rule.SHARE);
    assertThat(notice.action()).isEqualTo(Action.ALERT);
    assertThat(notice.sentence())
        .startsWith("10 % was set, 0.0 % of 1,000 users are served by foundry")
        .contains(
            "of the 100 users whom the split gave to foundry legacy serves 100 without asking it"
                + " (breaker open or probe down)",
            "look like this 1 time in",
            "GET /api/v1/providers");
    assertThat(decision.toNote()).containsExactly(notice);
    assertThat(row(metrics).state()).isEqualTo(MetricRow.State.OVER);
    HealthMetrics well = serve(1_000, Serving.FOUNDRY);
    assertThat(decide(well).verdict()).isEqualTo(decision.verdict());
    assertThat(decide(well).promotion()).isEqualTo(decision.promotion());
  }

  @Test
  void aSplitThatChoosesOtherwiseIsToldApart() {
    Map<Serving, Integer> users = Map.of(Serving.FOUNDRY, 30, Serving.LEGACY, 970);
    HealthMetrics metrics =
        Records.with(
            Health.metrics(Counts.NONE), "served", new ServedShare(10, users, -30, -8, true));
    assertThat(decide(metrics).notices().get(0).sentence())
        .contains("the split itself gave foundry 3.0 %", "another split", "canary.salt")
        .doesNotContain("api/v1/providers");
  }

  @Test
  void theLooksThatWereTakenStaySpentOverARestart() {
    serve(1_000, Serving.FOUNDRY);
    JudgeCheckpoint kept = judge.checkpoint();
    assertThat(kept.shareLooks()).isEqualTo(1);
    HealthJudge next = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    next.stageBegan("1-a", 0, 0, 0);
    next.restore(kept, 0);
    assertThat(next.checkpoint().shareLooks()).isEqualTo(1);
  }

  @Test
  void aNoteIsMadeOnceInAStageAndOverARestart() {
    List<Finding> found = decide(serve(1_000, Serving.NOT_ASKED)).toNote();
    StageNotes notes = new StageNotes();
    notes.of("1-a");
    assertThat(notes.take(0, found, 5_000)).hasSize(1);
    assertThat(notes.take(0, found, 6_000)).isEmpty();
    StageNotes restarted = new StageNotes();
    restarted.of("1-a");
    restarted.restore(notes.state());
    assertThat(restarted.take(0, found, 7_000)).isEmpty();
    assertThat(restarted.all()).singleElement().extracting(Note::at).isEqualTo(5_000L);
    assertThat(restarted.take(1, found, 8_000)).hasSize(1);
    restarted.of("2-a");
    assertThat(restarted.all()).isEmpty();
    restarted.restore(notes.state());
    assertThat(restarted.all()).as("of another rollout").isEmpty();
  }

  @Test
  void itIsNoMetricOfAWindow() {
    assertThat(Metric.judgedBy(Rule.SHARE)).containsExactly(Metric.SERVED_SHARE);
    assertThat(Metric.judgedBy(Rule.PLAIN, Rule.NOTICE)).doesNotContain(Metric.SERVED_SHARE);
  }
}
