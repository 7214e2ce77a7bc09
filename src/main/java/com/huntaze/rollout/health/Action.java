package com.huntaze.rollout.health;

/** The consequence of an exceeded limit. */
public enum Action {
  /** Take all traffic away from Foundry, and alert. */
  ROLLBACK,
  /** Only alert. */
  ALERT,
  /** Show it, and decide nothing. */
  OBSERVE
}
