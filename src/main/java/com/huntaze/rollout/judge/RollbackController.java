package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.Freshness;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.segment.CostFigures;
import com.huntaze.rollout.judge.segment.FailureFigures;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Figure;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Decides whether the canary is healthy (the seed's RollbackController). Pure: the figures of a
 * tick in, a decision out.
 *
 * <p>In this order: any finding that rolls back does, on whatever data there is; a finding that
 * only alerts; stale, no or too little data holds; a limit exceeded in a window too small for the
 * plain rule holds; what is left is healthy. The seed's {@code executeRollback} is the machine's
 * command: this class decides and never acts.
 */
public final class RollbackController {
  private final HealthSettings settings;
  private final RolloutPlan plan;
  private final Findings findings;
  private final PromotionGate gate;
  private final MetricRows rows;
  private final SegmentRows segments;
  private final DryRun dryRun;

  public RollbackController(HealthSettings settings, RolloutPlan plan) {
    this.settings = settings;
    this.plan = plan;
    findings = new Findings(settings);
    gate = new PromotionGate(settings, plan);
    rows = new MetricRows(settings, plan);
    segments = new SegmentRows(settings);
    dryRun = new DryRun(settings);
  }

  /** Returns the decision that the figures make, for the replica that leads. */
  public RollbackDecision checkHealth(HealthMetrics metrics) {
    return checkHealth(metrics, Standing.LEADER);
  }

  /**
   * Returns the decision that the figures make.
   *
   * @param standing for whom it is. Alpha is the whole rollout's, and those who judge for others
   *     spend it: what the tests of another one find is told, and takes nothing away
   */
  public RollbackDecision checkHealth(HealthMetrics metrics, Standing standing) {
    boolean leads = standing == Standing.LEADER;
    List<Finding> found = findings.of(metrics, standing);
    List<String> over = findings.overLimit(metrics);
    HoldReason hold = found.isEmpty() ? hold(metrics, over) : HoldReason.NONE;
    Verdict verdict = verdict(found, hold);
    List<String> missing = gate.missing(metrics);
    boolean ready = verdict == Verdict.HEALTHY && missing.isEmpty();
    Promotion promotion = new Promotion(ready, gate.observationsMissing(metrics), missing);
    String sentence = found.isEmpty() ? sentence(hold, metrics) : sentence(found, metrics, leads);
    List<Finding> notices = findings.notices(metrics);
    return new RollbackDecision(
        verdict,
        hold,
        found,
        notices,
        dryRun.of(metrics),
        over,
        rows.of(metrics),
        segments.of(metrics),
        rows.gates(metrics),
        promotion,
        sentence);
  }

  /** Returns the things that are watched, and the last decision. */
  public RollbackStatus status(RollbackDecision last) {
    return new RollbackStatus(
        settings.errorRate().limit(),
        settings.latencyP95().limit().toMillis(),
        settings.costPerRequestUsd().limit(),
        settings.minRequests(),
        settings.sequential().enabled(),
        last.verdict(),
        last.findings(),
        last.sentence());
  }

  private static Verdict verdict(List<Finding> found, HoldReason hold) {
    if (found.stream().anyMatch(finding -> finding.action() == Action.ROLLBACK)) {
      return Verdict.ROLLBACK;
    }
    if (!found.isEmpty()) {
      return Verdict.ALERT;
    }
    return hold == HoldReason.NONE ? Verdict.HEALTHY : Verdict.HOLD;
  }

  private HoldReason hold(HealthMetrics metrics, List<String> over) {
    if (!metrics.freshness().isFresh()) {
      return HoldReason.STALE;
    }
    if (metrics.shared().holds() && !metrics.shared().expired()) {
      return HoldReason.BOTH_FAIL;
    }
    if (metrics.warmMillis() > 0) {
      return HoldReason.WARMING;
    }
    boolean silent = metrics.freshness().sinceObservation() > settings.noDataAfter().toMillis();
    if (silent
        || metrics.freshness().awaited()
        || metrics.foundryWindow().of(Metric.LATENCY_P95).get(Counter.OBSERVED) == 0) {
      return HoldReason.NO_DATA;
    }
    if (gate.observationsMissing(metrics) > 0) {
      return HoldReason.TOO_FEW;
    }
    return over.isEmpty() ? HoldReason.NONE : HoldReason.OVER_LIMIT;
  }

  private String sentence(HoldReason hold, HealthMetrics metrics) {
    return switch (hold) {
      case NONE -> findings.healthy(metrics.foundryWindow());
      case STALE -> stale(metrics.freshness());
      case WARMING ->
          "warming up for %d s more: times and costs do not count yet"
              .formatted((metrics.warmMillis() + 999) / 1_000);
      case BOTH_FAIL -> metrics.shared().sentence();
      case NO_DATA ->
          metrics.freshness().awaited()
              ? "no observation of foundry yet: its first answer of this stage is waited for"
              : "no observation of foundry for %d s"
                  .formatted(metrics.freshness().sinceObservation() / 1_000);
      case TOO_FEW ->
          "too few observations of foundry: %d of %d"
              .formatted(
                  metrics.foundryTotals().all().get(Counter.OBSERVED), plan.promoteMinRequests());
      case OVER_LIMIT ->
          String.join("; ", findings.overLimit(metrics))
              + "; held, too few to act on: that takes %d observations"
                  .formatted(settings.minRequests())
              + certainty(metrics);
    };
  }

  /** The certainty that the sequential tests have of what is over its limit, if they are on. */
  private String certainty(HealthMetrics metrics) {
    String told =
        findings
            .exceeded(metrics)
            .filter(metric -> metrics.sequential().of(metric).isAny())
            .map(
                metric ->
                    "%s: %s"
                        .formatted(
                            metric.inSentence(), metrics.sequential().of(metric).rarityAndNeed()))
            .collect(Collectors.joining("; "));
    return told.isEmpty() ? "" : ", or more certainty (%s)".formatted(told);
  }

  private static String stale(Freshness freshness) {
    return freshness.sources() == 0
        ? "no source has reported yet"
        : "silent sources: " + String.join(", ", freshness.stale());
  }

  /** The last failures and the dearest answer are told once, for all that was found of them. */
  private static String sentence(List<Finding> found, HealthMetrics metrics, boolean leads) {
    String findings = found.stream().map(Finding::sentence).collect(Collectors.joining("; "));
    StringBuilder told = new StringBuilder(findings);
    FailureFigures last = metrics.segments().failures();
    if (last != null && found.stream().anyMatch(RollbackController::isOfFailures)) {
      told.append("; ").append(last.sentence());
    }
    if (found.stream().anyMatch(RollbackController::isOfFailures)) {
      told.append(legacy(findings, metrics.legacyWindow().of(Metric.ERROR_RATE)));
    }
    CostFigures costs = metrics.segments().costs();
    if (costs != null && found.stream().anyMatch(RollbackController::isOfCosts)) {
      told.append("; ").append(costs.sentence());
    }
    if (found.stream().noneMatch(finding -> finding.action() == Action.ROLLBACK)) {
      told.append("; only told: ")
          .append(leads ? "nothing is promoted meanwhile" : "this replica does not lead");
    }
    return told.toString();
  }

  /** Legacy's failures beside Foundry's, unless they are told of already. */
  private static String legacy(String findings, Counts window) {
    long answered = window.get(Metric.ERROR_RATE.denominator());
    boolean known = answered == 0 || findings.contains("legacy");
    return known
        ? ""
        : "; legacy failed %s of %d in the same time"
            .formatted(Figure.percent(window.rate(Metric.ERROR_RATE)), answered);
  }

  private static boolean isOfCosts(Finding finding) {
    return finding.metric() == Metric.COST_PER_REQUEST || finding.metric() == Metric.USER_COST;
  }

  private static boolean isOfFailures(Finding finding) {
    return finding.rule() == Rule.BREAKER
        || finding.metric() == Metric.ERROR_RATE
        || finding.metric() == Metric.BASELINE
        || finding.metric() == Metric.USER_ERRORS;
  }
}
