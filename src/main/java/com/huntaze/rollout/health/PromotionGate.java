package com.huntaze.rollout.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a stage's data lacks for a promotion. Pure. */
final class PromotionGate {
  private final RolloutPlan plan;
  private final double errorLimit;
  private final double slowLimit;
  private final Action costAction;

  PromotionGate(HealthSettings settings, RolloutPlan plan) {
    this.plan = plan;
    Thresholds limits = Thresholds.of(settings);
    errorLimit = limits.errorBasisPoints() / 10_000.0;
    slowLimit = limits.slowBasisPoints() / 10_000.0;
    costAction = settings.costPerRequestUsd().action();
  }

  /** How many observations the stage lacks. */
  long observationsMissing(HealthMetrics metrics) {
    return Math.max(0, plan.promoteMinRequests() - metrics.foundryTotals().all().observed());
  }

  /** One sentence for each thing that is missing. */
  List<String> missing(HealthMetrics metrics) {
    List<String> missing = new ArrayList<>();
    long observations = observationsMissing(metrics);
    if (observations > 0) {
      missing.add(
          "%d more observations of foundry (%d of %d)"
              .formatted(
                  observations,
                  metrics.foundryTotals().all().observed(),
                  plan.promoteMinRequests()));
    }
    // Where no cost is known at all, none can be judged: that alone would hold a rollout for ever.
    if (costAction == Action.ROLLBACK
        && metrics.foundryTotals().all().costKnown() > 0
        && isUnpriced(metrics)) {
      missing.add("the cost of more than 5 % of the answers, which is unknown");
    }
    if (plan.evidenceRequired()) {
      SampledTally sampled = metrics.foundryTotals().sampled();
      addUnproven("errors", errorLimit, sampled.settled(), sampled.errors(), missing);
      addUnproven("slow answers", slowLimit, sampled.observed(), sampled.slow(), missing);
    }
    return missing;
  }

  /** Whatever the sequential tests do, which may be off. */
  private static boolean isUnpriced(HealthMetrics metrics) {
    WindowCounts window = metrics.foundryWindow();
    Tally stage = metrics.foundryTotals().all();
    return metrics.sequential().cost().status() == EvidenceStatus.INCONCLUSIVE
        || SequentialTests.isUnpriced(window.unpriced(), window.costKnown())
        || SequentialTests.isUnpriced(stage.unpriced(), stage.costKnown());
  }

  private static void addUnproven(String what, double limit, long n, long s, List<String> missing) {
    double evidence = new PromotionEvidence(limit).lnE(n, s);
    if (evidence < PromotionEvidence.THRESHOLD) {
      missing.add(
          String.format(
              Locale.ROOT,
              "proof of less than %s %s (%d of %d; evidence %.1f of %.1f nats)",
              Figure.percent(limit),
              what,
              s,
              n,
              evidence,
              PromotionEvidence.THRESHOLD));
    }
  }
}
