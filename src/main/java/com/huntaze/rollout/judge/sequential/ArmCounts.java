package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Members;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.StageTotals;

/**
 * Outcomes that became known in the same stretch of time on both sides of the split.
 *
 * @param foundry Foundry's settled exchanges and errors
 * @param legacy legacy's
 */
public record ArmCounts(Counts foundry, Counts legacy) {
  /** No outcome. */
  public static final ArmCounts NONE = new ArmCounts(Counts.NONE, Counts.NONE);

  /** A damaged file may lack one. */
  public ArmCounts {
    Members.required("foundry", foundry);
    Members.required("legacy", legacy);
  }

  /** The sampled outcomes of both, as far as the comparison counts them. */
  static ArmCounts sampled(StageTotals foundry, StageTotals legacy) {
    return new ArmCounts(seen(foundry.sampled()), seen(legacy.sampled()));
  }

  private static Counts seen(Counts counts) {
    return Counts.of(Metric.BASELINE.denominator(), counts.get(Counter.SEEN))
        .with(Metric.BASELINE.numerator(), counts.get(Counter.SEEN_ERRORS));
  }

  boolean hasBoth() {
    return foundry.get(Metric.BASELINE.denominator()) > 0
        && legacy.get(Metric.BASELINE.denominator()) > 0;
  }

  ArmCounts plus(ArmCounts other) {
    return new ArmCounts(foundry.plus(other.foundry), legacy.plus(other.legacy));
  }

  /** Returns the part that is not of a maker; see {@link Counts#without}. */
  ArmCounts without(ArmCounts part) {
    return new ArmCounts(foundry.without(part.foundry), legacy.without(part.legacy));
  }
}
