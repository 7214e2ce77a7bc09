package com.huntaze.rollout.health;

/**
 * A probability of being wrong that several sequential tests share. Each budget is {@code
 * sequential.alpha}, for the whole rollout; the parts of its tests add up to at most 1.
 */
public enum Budget {
  /** A rollback of a healthy Foundry. */
  ROLLBACKS,
  /** An alert that holds a healthy rollout, by default of the comparison with legacy. */
  HOLDS
}
