package com.huntaze.rollout.outcome;

/** The count of an exchange for the judge of the canary. */
public enum Judgement {
  /** A success of the provider. */
  SUCCESS,
  /** A failure of the provider. */
  ERROR,
  /** In no denominator, but with a metric of its own. */
  NEUTRAL,
  /** The caller's error: in no denominator. */
  CALLER,
  /** Nobody's: not an observation. */
  NOBODY
}
