package com.huntaze.rollout.failover;

/**
 * The right to make one attempt, to be given back with its result exactly once.
 *
 * @param generation the breaker's generation that granted it
 * @param trial whether it is the trial of a half-open breaker
 * @param user hash of the user whose request it is
 * @param again whether its exchange has failed at the provider before
 * @param fromMillis when the attempt began, monotonic
 */
public record Permit(long generation, boolean trial, long user, boolean again, long fromMillis) {
  /** The permit of an exchange's first attempt, of nobody in particular. */
  public Permit(long generation, boolean trial) {
    this(generation, trial, 0, false, 0);
  }
}
