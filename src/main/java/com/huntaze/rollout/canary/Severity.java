package com.huntaze.rollout.canary;

import java.util.Locale;

/** The weight of an alert, in rising order. */
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
