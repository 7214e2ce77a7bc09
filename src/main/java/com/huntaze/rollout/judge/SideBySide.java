package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.difference.Difference.Side;
import com.huntaze.rollout.judge.difference.DifferenceTests;
import com.huntaze.rollout.judge.difference.Trait;
import com.huntaze.rollout.judge.sequential.ConfidenceSequence;
import com.huntaze.rollout.judge.sequential.Interval;
import com.huntaze.rollout.judge.sequential.MeanSequence;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import java.util.EnumMap;
import java.util.Map;

/**
 * The interval in which the true difference of Foundry's figure and legacy's is with 95 %, of each
 * metric that has both sides; of the comparisons of the users the unit is the user. Of shares it is
 * their difference, of amounts how many times legacy's Foundry's is. Single-threaded: it keeps what
 * it has computed for as long as the figures stay.
 */
public final class SideBySide {
  /** Either side may be wrong. */
  private static final double ALPHA_OF_TWO = 0.025;

  private static final ConfidenceSequence SHARES = new ConfidenceSequence(ALPHA_OF_TWO);
  private static final MeanSequence AMOUNTS = new MeanSequence(ALPHA_OF_TWO);

  private final Map<Metric, Known> known = new EnumMap<>(Metric.class);

  /** Both sides' figures, of which an interval is made. */
  private interface Sides {
    /** Tells whether both sides have enough of them. */
    boolean both();

    Interval interval();
  }

  /** So many have shares that sum up to so much. */
  private record Shares(double foundry, double foundrySum, double legacy, double legacySum)
      implements Sides {
    @Override
    public boolean both() {
      return foundry > 0 && legacy > 0;
    }

    @Override
    public Interval interval() {
      Interval ofFoundry = SHARES.of(foundry, foundrySum);
      Interval ofLegacy = SHARES.of(legacy, legacySum);
      return new Interval(ofFoundry.low() - ofLegacy.high(), ofFoundry.high() - ofLegacy.low());
    }
  }

  /** The users' geometric means. */
  private record Amounts(Side foundry, Side legacy) implements Sides {
    @Override
    public boolean both() {
      return Math.min(foundry.users(), legacy.users()) >= DifferenceTests.LEAST_USERS;
    }

    @Override
    public Interval interval() {
      double width =
          AMOUNTS.halfWidth(foundry.users(), foundry.variance())
              + AMOUNTS.halfWidth(legacy.users(), legacy.variance());
      // The figures are compared by ln(1 + amount); beside them stands how many times one is.
      boolean both = foundry.figure() > 0 && legacy.figure() > 0;
      double ratio =
          both
              ? Math.log(foundry.figure() / legacy.figure())
              : Math.log1p(foundry.figure()) - Math.log1p(legacy.figure());
      return new Interval(Math.exp(ratio - width), Math.exp(ratio + width));
    }
  }

  private record Known(Sides of, Interval interval) {}

  /**
   * Returns the intervals, of shares −1..1, of amounts more than 0; a metric without both sides has
   * none, and neither has one that compares with no legacy.
   */
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
    Interval interval = sides.interval();
    known.put(metric, new Known(sides, interval));
    return interval;
  }

  /** Returns {@code null} where the metric has not both. */
  private static Sides sides(Metric metric, HealthMetrics metrics) {
    Trait trait = metric.trait();
    if (trait != null) {
      Difference users = metrics.difference(metric);
      return trait.isShare() ? shares(users) : new Amounts(users.foundry(), users.legacy());
    } else if (metric == Metric.BASELINE) {
      return of(
          metric, metrics.sequential().arms().foundry(), metrics.sequential().arms().legacy());
    }
    return metric.isJudgedBy(Rule.NOTICE)
        ? of(metric, metrics.foundryWindow().of(metric), metrics.legacyWindow().of(metric))
        : null;
  }

  private static Sides shares(Difference users) {
    Side foundry = users.foundry();
    Side legacy = users.legacy();
    return new Shares(
        foundry.users(),
        foundry.users() * foundry.figure(),
        legacy.users(),
        legacy.users() * legacy.figure());
  }

  private static Sides of(Metric metric, Counts foundry, Counts legacy) {
    return new Shares(
        foundry.get(metric.denominator()),
        foundry.get(metric.numerator()),
        legacy.get(metric.denominator()),
        legacy.get(metric.numerator()));
  }
}
