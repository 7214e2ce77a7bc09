package com.huntaze.rollout.health;

/** What happens when a limit is exceeded. */
public enum Action {
  /** Take all traffic away from Foundry, and alert. */
  ROLLBACK,
  /** Only alert. */
  ALERT,
  /** Show it, and decide nothing. */
  OBSERVE
}
