package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.sequential.ConfidenceSequence;
import com.huntaze.rollout.judge.sequential.Interval;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Figure;
import com.huntaze.rollout.judge.window.Metric;
import java.util.Optional;

/**
 * The rule that Foundry answers 404 far more often than legacy does: a wrong deployment or path
 * looks like that. A 404 is the caller's error, so this decides nothing; it is only told.
 *
 * <p>Far more often: even the lowest share of Foundry's that its answers allow (with 95 %) is over
 * what legacy's highest allows by {@code BaselineSettings}. Where legacy has too few answers, over
 * {@value #ALONE_BASIS_POINTS} basis points.
 */
final class NotFoundRule implements RuleJudge {
  private static final int ALONE_BASIS_POINTS = 500;
  private static final double ALONE = ALONE_BASIS_POINTS / 10_000.0;
  private static final ConfidenceSequence INTERVALS = new ConfidenceSequence(0.05);

  private final HealthSettings settings;

  NotFoundRule(HealthSettings settings) {
    this.settings = settings;
  }

  @Override
  public Optional<Finding> judge(Metric metric, HealthMetrics metrics) {
    Counts foundry = metrics.foundryWindow().of(metric);
    Counts legacy = metrics.legacyWindow().of(metric);
    // Where the users can be compared, that is the better look at the same.
    Difference users = metrics.difference(Metric.USER_NOT_FOUND);
    if (users.isLookedAt() && !users.ofOneKey() || !exceeds(metric, foundry, legacy)) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            metric,
            Rule.NOTICE,
            metric.action(settings),
            foundry.rate(metric),
            limit(metric, legacy),
            foundry.get(metric.denominator()),
            0,
            0,
            sentence(metric, foundry, legacy)));
  }

  /** The figures of both, whatever they are. */
  String sentence(Metric metric, Counts foundry, Counts legacy) {
    double observed = foundry.rate(metric);
    double limit = limit(metric, legacy);
    String comparator = observed > limit ? ">" : "<=";
    String against =
        compares(metric, legacy)
            ? "against legacy's %s of %d (allowed: %s)"
                .formatted(
                    Figure.percent(legacy.rate(metric)),
                    legacy.get(metric.denominator()),
                    Figure.percent(limit))
            : "%s %s (legacy has too few to compare with)"
                .formatted(comparator, Figure.percent(limit));
    return "%s %s of %d %s"
        .formatted(
            metric.inSentence(),
            Figure.percent(observed, limit),
            foundry.get(metric.denominator()),
            against);
  }

  boolean exceeds(Metric metric, Counts foundry, Counts legacy) {
    long n = foundry.get(metric.denominator());
    if (n < metric.windowLeast() || foundry.rate(metric) <= limit(metric, legacy)) {
      return false;
    }
    boolean compares = compares(metric, legacy);
    double bound = compares ? settings.baseline().allowed(interval(metric, legacy).high()) : ALONE;
    return interval(metric, foundry).low() > bound;
  }

  /** The largest share that is not told of, 0..1. */
  double limit(Metric metric, Counts legacy) {
    return compares(metric, legacy) ? settings.baseline().allowed(legacy.rate(metric)) : ALONE;
  }

  /** Returns whether legacy has enough answers to compare with. */
  private static boolean compares(Metric metric, Counts legacy) {
    return legacy.get(metric.denominator()) >= metric.windowLeast();
  }

  private static Interval interval(Metric metric, Counts counts) {
    return INTERVALS.of(counts.get(metric.denominator()), counts.get(metric.numerator()));
  }
}
