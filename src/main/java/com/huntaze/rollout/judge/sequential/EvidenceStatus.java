package com.huntaze.rollout.judge.sequential;

/** The statement of a sequential test. */
public enum EvidenceStatus {
  /** It does not run. */
  DISABLED,
  /** Too much data is missing to say anything. */
  INCONCLUSIVE,
  /** It has not been reached by the least observations and user keys yet. */
  BELOW_FLOOR,
  /** It watches, and the evidence is not enough. */
  WATCHING,
  /** The limit is exceeded by the observations of one user or API key alone. */
  ONE_ALONE,
  /** The limit is exceeded, but for the configured probability of an error. */
  EXCEEDED
}
