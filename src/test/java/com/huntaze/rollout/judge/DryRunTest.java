package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Records;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.ErrorRateSettings;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.difference.ExchangeKind;
import com.huntaze.rollout.judge.sequential.EvidenceFigures;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.sequential.SharedCause;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.provider.Provider;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The record of what rules that are only watched would have done. */
class DryRunTest {
  private static final HealthSettings HUNDRED = Records.with(Health.DEFAULTS, "minRequests", 100L);

  /**
   * 100 observations of which 9 failed, 9 were slow and all cost a dollar, and 100 late streams.
   */
  private static final HealthMetrics ALL_OVER =
      Health.metrics(
          Counts.of(Counter.OBSERVED, 100)
              .with(Counter.SETTLED, 100)
              .with(Counter.ERRORS, 9)
              .with(Counter.SLOW, 9)
              .with(Counter.COST_KNOWN, 100)
              .with(Counter.COST_NANO, 100_000_000_000L)
              .with(Counter.STREAMS, 100)
              .with(Counter.LATE_STREAMS, 100));

  private static List<Finding> dryRun(HealthSettings settings, HealthMetrics metrics) {
    return new RollbackController(settings, Health.UNDEMANDING).checkHealth(metrics).dryRun();
  }

  private static HealthSettings with(Action action) {
    HealthSettings settings = Health.settings(100, action);
    return Records.with(
        settings, "firstContentP95", Records.with(settings.firstContentP95(), "action", action));
  }

  @Test
  void byDefaultTheFirstContentIsRecorded() {
    List<Finding> found = dryRun(HUNDRED, ALL_OVER);
    assertThat(found).hasSize(1);
    Finding finding = found.get(0);
    assertThat(finding.metric()).isEqualTo(Metric.FIRST_CONTENT_P95);
    assertThat(finding.rule()).isEqualTo(Rule.PLAIN);
    assertThat(finding.action()).isEqualTo(Action.ROLLBACK);
    assertThat(finding.sentence())
        .isEqualTo(
            "first content p95 > 2s: slower 100.0 % > 5.0 %, 100 of 100"
                + " (PLAIN; health.firstContentP95.action is observe)");
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void eachMetricIsComputedWhateverItsActionAndRecordedWhereThatIsLess(Action action) {
    RollbackDecision decision =
        new RollbackController(with(action), Health.UNDEMANDING).checkHealth(ALL_OVER);
    Metric[] plain = Metric.judgedBy(Rule.PLAIN).toArray(Metric[]::new);
    assertThat(plain).hasSize(4);
    if (action == Action.ROLLBACK) {
      assertThat(decision.dryRun()).isEmpty();
      assertThat(decision.findings()).extracting(Finding::metric).containsExactly(plain);
      return;
    }
    assertThat(decision.dryRun()).extracting(Finding::metric).containsExactly(plain);
    assertThat(decision.dryRun())
        .allSatisfy(
            each -> {
              assertThat(each.action()).isEqualTo(Action.ROLLBACK);
              assertThat(each.sentence())
                  .contains(".action is " + (action == Action.ALERT ? "alert" : "observe"));
            });
    assertThat(decision.isRollback()).isFalse();
    assertThat(decision.findings()).hasSize(action == Action.ALERT ? 4 : 0);
  }

  private static HealthMetrics evidence(EvidenceStatus status, double lnE, long keys) {
    Counts seen = Health.counts(Metric.ERROR_RATE, 40, 20);
    EvidenceFigures exceeded = Health.evidence(Metric.ERROR_RATE, status, lnE, 5.8, seen);
    HealthMetrics metrics = Health.with(Health.metrics(Counts.NONE), exceeded);
    return Records.with(metrics, "sequential", Records.with(metrics.sequential(), "keys", keys));
  }

  @ParameterizedTest
  @CsvSource({"9, 40, 1", "5.7, 40, 0", "9, 2, 0"})
  void theSequentialTestsThatAreOffAreComputedAllTheSame(double lnE, long keys, int found) {
    HealthSettings off =
        Health.settings(
            100, 0.05, Health.DEFAULTS.costPerRequestUsd().limit(), Action.ROLLBACK, false);
    List<Finding> dry = dryRun(off, evidence(EvidenceStatus.DISABLED, lnE, keys));
    assertThat(dry).hasSize(found);
    assertThat(dry)
        .allSatisfy(
            each ->
                assertThat(each.sentence())
                    .startsWith("error rate 50.0 %")
                    .endsWith("(SEQ; health.sequential.enabled is false)"));
  }

  @Test
  void aSequentialTestThatActsIsNoDryRun() {
    HealthMetrics metrics = evidence(EvidenceStatus.EXCEEDED, 9, 40);
    assertThat(dryRun(HUNDRED, metrics)).isEmpty();
    HealthSettings observed =
        Records.with(HUNDRED, "errorRate", new ErrorRateSettings(0.05, Action.OBSERVE));
    assertThat(dryRun(observed, metrics))
        .singleElement()
        .satisfies(each -> assertThat(each.rule()).isEqualTo(Rule.SEQ));
  }

  /** It would have waited, too, where both providers fail. */
  @Test
  void whatWouldHaveWaitedForLegacyIsNotRecorded() {
    HealthSettings observed =
        Records.with(HUNDRED, "errorRate", new ErrorRateSettings(0.05, Action.OBSERVE));
    SharedCause both = new SharedCause(true, false, Counts.NONE, Counts.NONE);
    HealthMetrics metrics = Records.with(evidence(EvidenceStatus.EXCEEDED, 9, 40), "shared", both);
    assertThat(dryRun(observed, metrics)).isEmpty();
  }

  @Test
  void thePlainRuleThatWaitsForConfirmationIsRecorded() {
    HealthSettings confirm =
        Records.with(
            with(Action.ROLLBACK), "plain", Records.with(HUNDRED.plain(), "confirm", true));
    assertThat(dryRun(confirm, ALL_OVER))
        .anySatisfy(
            each ->
                assertThat(each.sentence())
                    .startsWith("error rate 9.0 % > 5.0 %")
                    .endsWith("(PLAIN; health.plain.confirm is true)"));
  }

  @ParameterizedTest
  @CsvSource({"OBSERVE, 1", "ALERT, 0"})
  void aDifferenceWouldHaveHeldAtMost(Action action, int found) {
    HealthSettings settings =
        Records.with(HUNDRED, "baseline", Records.with(HUNDRED.baseline(), "action", action));
    HealthJudge judge = new HealthJudge(settings, Health.UNDEMANDING);
    judge.stageBegan("1-a", 0, 0, 0);
    for (int i = 0; i < 600; i++) {
      Provider provider = i % 2 == 0 ? Provider.FOUNDRY : Provider.LEGACY;
      boolean refused = provider == Provider.FOUNDRY && i % 4 == 0;
      judge.compare(
          new Compared(
              new Compared.Origin(provider, "1-a", 0, i % 120, 0, ExchangeKind.UNKNOWN),
              (refused ? Meaning.CALLER_ERROR.outcome(422) : Meaning.COMPLETE.outcome()),
              -1,
              false,
              -1,
              -1));
    }
    HealthMetrics metrics = judge.tick(1_000, BreakerFacts.CLOSED);
    assertThat(metrics.difference(Metric.USER_UNPROCESSABLE).worse()).isTrue();
    List<Finding> dry = dryRun(settings, metrics);
    assertThat(dry).hasSize(found);
    assertThat(dry)
        .allSatisfy(
            each -> {
              assertThat(each.metric()).isEqualTo(Metric.USER_UNPROCESSABLE);
              assertThat(each.action()).isEqualTo(Action.ALERT);
              assertThat(each.sentence())
                  .endsWith("(DIFFERENCE; health.baseline.action is observe)");
            });
  }

  @Test
  void aNoteTellsWhatWouldHaveBeenDoneWhen() {
    StageNotes notes = new StageNotes();
    notes.of("1-a");
    long at = Instant.parse("2026-11-29T13:40:00Z").toEpochMilli();
    RollbackDecision decision =
        new RollbackController(HUNDRED, Health.UNDEMANDING).checkHealth(ALL_OVER);
    assertThat(notes.take(0, decision.toNote(), at))
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.tellsOfDryRun()).isTrue();
              assertThat(note.text())
                  .startsWith("would have rolled back at 2026-11-29T13:40:00Z: first content p95");
            });
    assertThat(notes.take(0, decision.toNote(), at + 1_000)).isEmpty();
    assertThat(notes.take(1, decision.toNote(), at + 2_000)).hasSize(1);
  }
}
