package com.huntaze.rollout.canary;

import java.util.Locale;

/** How much an alert matters, in rising order. */
public enum Severity {
  /** Good to know: a promotion. */
  INFO,
  /** Somebody should look: a hold that lasts, a limit with the action alert. */
  WARNING,
  /** Somebody must look: a rollback. */
  CRITICAL;

  /** The name on the wire. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
