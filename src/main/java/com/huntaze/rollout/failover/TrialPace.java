package com.huntaze.rollout.failover;

/** The times at which trials of an open breaker begin. */
public enum TrialPace {
  /** Each after the whole reset timeout. */
  SINGLE,
  /** The first after a second, each further one after twice the time, up to the reset timeout. */
  BACKOFF
}
