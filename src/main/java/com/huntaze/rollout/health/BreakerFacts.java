package com.huntaze.rollout.health;

/**
 * The facts about Foundry's circuit breaker.
 *
 * @param open whether it is open: nothing is sent, not even a trial
 * @param probeDown whether the active probe finds Foundry down
 * @param firstTrialFailed whether the first trial since it opened has failed
 * @param lately Foundry's observations of the last seconds, at most one per user key; the judge
 *     fills them in
 */
public record BreakerFacts(
    boolean open, boolean probeDown, boolean firstTrialFailed, Counts lately) {
  /** A closed breaker. */
  public static final BreakerFacts CLOSED = new BreakerFacts(false, false, false);

  /** Without any observations. */
  public BreakerFacts(boolean open, boolean probeDown, boolean firstTrialFailed) {
    this(open, probeDown, firstTrialFailed, Counts.NONE);
  }

  BreakerFacts with(Counts observed) {
    return new BreakerFacts(open, probeDown, firstTrialFailed, observed);
  }
}
