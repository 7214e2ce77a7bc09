package com.huntaze.rollout.health;

/** By which rule something was found. */
public enum Rule {
  /** The limit is exceeded in a window of at least {@code minRequests}. */
  PLAIN,
  /** The evidence since the rollout began is overwhelming. */
  SEQ,
  /** The circuit breaker is open and a trial or probe confirms it. */
  BREAKER,
  /** Foundry's users are worse off than legacy's at the same time. */
  DIFFERENCE,
  /** The same in one part of the traffic, such as one model's. */
  SEGMENT,
  /** Foundry serves another share of the users than was set, which decides nothing. */
  SHARE,
  /** Something that decides nothing, and that people should know of. */
  NOTICE
}
