package com.huntaze.rollout.canary;

/**
 * The health of the share in force, as far as it is known.
 *
 * @param healthyMillis how long it has been healthy
 * @param judgedAt when it was judged last, monotonic; {@link #NEVER}
 * @param holdSince since when nothing may be promoted for want of data or proof, monotonic; {@link
 *     #NEVER}
 * @param holdAlerted whether people have been told of that hold
 * @param assessment the newest
 */
public record StageHealth(
    long healthyMillis, long judgedAt, long holdSince, boolean holdAlerted, Assessment assessment) {

  /** No moment. */
  static final long NEVER = Long.MIN_VALUE;

  /** Of another share of the same epoch, which has not been judged yet. */
  StageHealth carriedOver() {
    Assessment known = assessment.raisable() ? Assessment.NONE : assessment;
    return new StageHealth(0, NEVER, NEVER, false, known);
  }

  /** Of a share that was healthy for a time, before a restart. */
  static StageHealth of(long healthyMillis) {
    return new StageHealth(healthyMillis, NEVER, NEVER, false, Assessment.NONE);
  }
}
