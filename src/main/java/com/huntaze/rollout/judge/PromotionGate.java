package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.sequential.SequentialTests;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Figure;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The conditions that a stage's data has to meet for a promotion. Pure. */
final class PromotionGate {
  /** The most that an answer may cost, in limits of the average: 10 USD at the default of 0.10. */
  private static final int DEAR = 100;

  private final HealthSettings settings;
  private final RolloutPlan plan;

  PromotionGate(HealthSettings settings, RolloutPlan plan) {
    this.settings = settings;
    this.plan = plan;
  }

  /** Returns the number of observations that the stage lacks. */
  long observationsMissing(HealthMetrics metrics) {
    return Math.max(0, plan.promoteMinRequests() - observed(metrics));
  }

  private static long observed(HealthMetrics metrics) {
    return metrics.foundryTotals().all().get(Counter.OBSERVED);
  }

  /** One sentence for each thing that is missing. */
  List<String> missing(HealthMetrics metrics) {
    List<String> missing = new ArrayList<>();
    long observations = observationsMissing(metrics);
    if (observations > 0) {
      missing.add(
          "%d more observations of foundry (%d of %d)"
              .formatted(observations, observed(metrics), plan.promoteMinRequests()));
    }
    Counts stage = metrics.foundryTotals().all();
    Counts sampled = metrics.foundryTotals().sampled();
    boolean judged = Metric.COST_PER_REQUEST.action(settings) == Action.ROLLBACK;
    // Where no cost is known at all, none can be judged: that alone would hold a rollout for ever.
    if (judged && stage.get(Counter.COST_KNOWN) > 0) {
      addUnpriced(metrics, stage, missing);
    }
    if (plan.evidenceRequired()) {
      Metric.ALL.stream()
          .filter(metric -> metric.provenFor() != null)
          .filter(metric -> metric.action(settings) != Action.OBSERVE)
          .forEach(metric -> addUnproven(metric, stage, sampled, missing));
    }
    return missing;
  }

  private void addUnpriced(HealthMetrics metrics, Counts stage, List<String> missing) {
    if (isUnpriced(metrics)) {
      missing.add("the cost of more than 5 % of the answers, which is unknown");
    } else if (mayBeTooDear(stage)) {
      long unpriced = stage.get(Counter.UNPRICED);
      missing.add(
          "the cost of %d of %d answers, which is unknown and may be high"
              .formatted(unpriced, unpriced + stage.get(Counter.COST_KNOWN)));
    }
  }

  /**
   * Tells whether the mean cost would be over its limit if each answer without a known cost had
   * cost {@link #DEAR} times the limit. Few dear answers make a dear average.
   */
  private boolean mayBeTooDear(Counts stage) {
    long unpriced = stage.get(Counter.UNPRICED);
    long limit = Metric.COST_PER_REQUEST.limit(settings);
    double most = stage.get(Counter.COST_NANO) + (double) unpriced * DEAR * limit;
    return unpriced > 0 && most > (double) (unpriced + stage.get(Counter.COST_KNOWN)) * limit;
  }

  /** Whatever the sequential tests do, which may be off. */
  private static boolean isUnpriced(HealthMetrics metrics) {
    Metric cost = Metric.COST_PER_REQUEST;
    return metrics.sequential().of(cost).status() == EvidenceStatus.INCONCLUSIVE
        || SequentialTests.isUnpriced(metrics.foundryWindow().of(cost))
        || SequentialTests.isUnpriced(metrics.foundryTotals().all());
  }

  private void addUnproven(Metric metric, Counts all, Counts sampled, List<String> missing) {
    double limit = metric.measure().bound(metric.limit(settings));
    long n = sampled.get(metric.denominator());
    long s = sampled.get(metric.numerator());
    PromotionEvidence proof = new PromotionEvidence(limit);
    double evidence = proof.lnE(n, s);
    if (evidence < PromotionEvidence.THRESHOLD) {
      missing.add(
          String.format(
              Locale.ROOT,
              "proof of less than %s %s (%d of %d, at most one per user and 10 s, %d in all; certain"
                  + " to %.0f %%, %.0f %% are needed: %s)",
              Figure.percent(limit),
              metric.provenFor(),
              s,
              n,
              all.get(metric.denominator()),
              certainty(evidence),
              certainty(PromotionEvidence.THRESHOLD),
              more(proof.missing(n, s))));
    }
  }

  private static String more(OptionalLong missing) {
    return missing.isPresent()
        ? "%d more without one".formatted(missing.getAsLong())
        : "more than can be counted";
  }

  /** Percent, rounded down, so that what is missing never reads as reached. */
  private static double certainty(double lnE) {
    return Math.floor(1e-9 + 100 * Math.max(0, -Math.expm1(-lnE)));
  }
}
