package com.huntaze.rollout.outcome;

/** The result of an attempt for the provider's circuit breaker. */
public enum BreakerResult {
  /** The provider works: consecutive failures begin again at zero. */
  SUCCESS,
  /** One more consecutive failure. */
  FAILURE,
  /** Tells nothing; a trial request frees its place. */
  NEUTRAL
}
