package com.huntaze.rollout.failover;

/**
 * The right to make one attempt, to be given back with its result exactly once.
 *
 * @param generation the breaker's generation that granted it
 * @param trial whether it is the trial of a half-open breaker
 */
public record Permit(long generation, boolean trial) {}
