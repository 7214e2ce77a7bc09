package com.huntaze.rollout.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a stage's data lacks for a promotion. Pure. */
final class PromotionGate {
  /** The most that an answer may cost, in limits of the average: 10 USD at the default of 0.10. */
  private static final int DEAR = 100;

  private final RolloutPlan plan;
  private final double errorLimit;
  private final double slowLimit;
  private final long costNano;
  private final Action costAction;

  PromotionGate(HealthSettings settings, RolloutPlan plan) {
    this.plan = plan;
    Thresholds limits = Thresholds.of(settings);
    errorLimit = limits.errorBasisPoints() / 10_000.0;
    slowLimit = limits.slowBasisPoints() / 10_000.0;
    costNano = limits.costNano();
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
    if (costAction == Action.ROLLBACK && metrics.foundryTotals().all().costKnown() > 0) {
      addUnpriced(metrics, missing);
    }
    if (plan.evidenceRequired()) {
      SampledTally sampled = metrics.foundryTotals().sampled();
      addUnproven("errors", errorLimit, sampled.settled(), sampled.errors(), missing);
      addUnproven("slow answers", slowLimit, sampled.observed(), sampled.slow(), missing);
    }
    return missing;
  }

  private void addUnpriced(HealthMetrics metrics, List<String> missing) {
    Tally stage = metrics.foundryTotals().all();
    if (isUnpriced(metrics)) {
      missing.add("the cost of more than 5 % of the answers, which is unknown");
    } else if (mayBeTooDear(stage.unpriced(), stage.costKnown(), stage.costNano())) {
      missing.add(
          "the cost of %d of %d answers, which is unknown and may be high"
              .formatted(stage.unpriced(), stage.unpriced() + stage.costKnown()));
    }
  }

  /**
   * Tells whether the mean cost would be over its limit if each answer without a known cost had
   * cost {@link #DEAR} times the limit. Few dear answers make a dear average.
   */
  private boolean mayBeTooDear(long unpriced, long known, long knownNano) {
    double most = knownNano + (double) unpriced * DEAR * costNano;
    return unpriced > 0 && most > (double) (unpriced + known) * costNano;
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
