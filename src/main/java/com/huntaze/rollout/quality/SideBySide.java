package com.huntaze.rollout.quality;

/** Both providers' scores, over the same time and about the same thing. */
public record SideBySide(Estimate foundry, Estimate legacy, Difference difference) {
  static SideBySide of(Scores foundry, Scores legacy) {
    Estimate one = foundry.estimate();
    Estimate other = legacy.estimate();
    return new SideBySide(one, other, Difference.of(one, other));
  }
}
