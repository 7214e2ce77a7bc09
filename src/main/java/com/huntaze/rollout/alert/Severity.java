package com.huntaze.rollout.alert;

/** How much an alert matters, in rising order. */
public enum Severity {
  /** Good to know: a promotion. */
  INFO,
  /** Somebody should look: stale data, a limit with the action alert. */
  WARNING,
  /** Somebody must look: a rollback. */
  CRITICAL
}
