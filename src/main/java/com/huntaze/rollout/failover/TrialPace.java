package com.huntaze.rollout.failover;

import java.util.Locale;

/** The times at which trials of an open breaker begin. */
public enum TrialPace {
  /** Each after the whole reset timeout. */
  SINGLE,
  /** The first after a second, each further one after twice the time, up to the reset timeout. */
  BACKOFF;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Its name in the configuration. */
  public String label() {
    return label;
  }
}
