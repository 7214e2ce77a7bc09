package com.huntaze.rollout.health;

/**
 * What is known of Foundry's circuit breaker.
 *
 * @param open whether it is open: nothing is sent, not even a trial
 * @param probeDown whether the active probe finds Foundry down
 * @param firstTrialFailed whether the first trial since it opened has failed
 */
public record BreakerFacts(boolean open, boolean probeDown, boolean firstTrialFailed) {
  /** A closed breaker. */
  public static final BreakerFacts CLOSED = new BreakerFacts(false, false, false);
}
