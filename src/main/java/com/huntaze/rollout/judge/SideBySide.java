package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.difference.Difference.Side;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.judge.sequential.ConfidenceSequence;
import com.huntaze.rollout.judge.sequential.Interval;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import java.util.EnumMap;
import java.util.Map;

/**
 * The interval in which the true difference of Foundry's share and legacy's is with 95 %, of each
 * metric that has both sides; of the comparisons of the users the unit is the user.
 * Single-threaded: it keeps what it has computed for as long as the figures stay.
 */
public final class SideBySide {
  /** Either side may be wrong. */
  private static final ConfidenceSequence OF_TWO = new ConfidenceSequence(0.025);

  private final Map<Metric, Known> known = new EnumMap<>(Metric.class);

  /** Both sides' numbers: so many have shares that sum up to so much. */
  private record Sides(double foundry, double foundrySum, double legacy, double legacySum) {
    boolean both() {
      return foundry > 0 && legacy > 0;
    }
  }

  private record Known(Sides of, Interval interval) {}

  /** Returns the intervals, shares −1..1; a metric without both sides, or of amounts, has none. */
  public Map<Metric, Interval> of(HealthMetrics metrics) {
    Map<Metric, Interval> intervals = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.ALL) {
      Sides sides = sides(metric, metrics);
      if (sides != null && sides.both()) {
        intervals.put(metric, interval(metric, sides));
      }
    }
    return intervals;
  }

  private Interval interval(Metric metric, Sides sides) {
    Known before = known.get(metric);
    if (before != null && before.of().equals(sides)) {
      return before.interval();
    }
    Interval foundry = OF_TWO.of(sides.foundry(), sides.foundrySum());
    Interval legacy = OF_TWO.of(sides.legacy(), sides.legacySum());
    Interval interval = new Interval(foundry.low() - legacy.high(), foundry.high() - legacy.low());
    known.put(metric, new Known(sides, interval));
    return interval;
  }

  /** Returns {@code null} where there is no share of both. */
  private static Sides sides(Metric metric, HealthMetrics metrics) {
    Trait trait = metric.trait();
    if (trait != null) {
      return trait.isShare() ? ofUsers(metrics.difference(metric)) : null;
    } else if (metric == Metric.BASELINE) {
      return of(
          metric, metrics.sequential().arms().foundry(), metrics.sequential().arms().legacy());
    }
    return metric.isJudgedBy(Rule.NOTICE)
        ? of(metric, metrics.foundryWindow().of(metric), metrics.legacyWindow().of(metric))
        : null;
  }

  private static Sides ofUsers(Difference users) {
    Side foundry = users.foundry();
    Side legacy = users.legacy();
    return new Sides(
        foundry.users(),
        foundry.users() * foundry.figure(),
        legacy.users(),
        legacy.users() * legacy.figure());
  }

  private static Sides of(Metric metric, Counts foundry, Counts legacy) {
    return new Sides(
        foundry.get(metric.denominator()),
        foundry.get(metric.numerator()),
        legacy.get(metric.denominator()),
        legacy.get(metric.numerator()));
  }
}
