package com.huntaze.rollout.failover;

/** The place of a provider among those that could answer a request, when it is to be asked. */
public enum Standing {
  /** Another provider can answer: an open breaker lets nothing through. */
  REPLACEABLE,
  /** The other provider has failed: one trial at a time, also while the breaker is open. */
  SECOND_CHANCE,
  /** Nobody else can answer: a bounded share, also while the breaker is open. */
  LAST_RESORT
}
