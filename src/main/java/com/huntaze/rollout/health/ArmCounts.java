package com.huntaze.rollout.health;

/**
 * Outcomes that became known in the same stretch of time on both sides of the split.
 *
 * @param canary settled exchanges of Foundry
 * @param canaryErrors of those, the failed ones
 * @param baseline settled exchanges of legacy
 * @param baselineErrors of those, the failed ones
 */
public record ArmCounts(long canary, long canaryErrors, long baseline, long baselineErrors) {
  /** No outcome. */
  public static final ArmCounts NONE = new ArmCounts(0, 0, 0, 0);

  boolean hasBoth() {
    return canary > 0 && baseline > 0;
  }

  ArmCounts plus(ArmCounts other) {
    return new ArmCounts(
        canary + other.canary,
        canaryErrors + other.canaryErrors,
        baseline + other.baseline,
        baselineErrors + other.baselineErrors);
  }
}
