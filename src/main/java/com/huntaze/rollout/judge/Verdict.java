package com.huntaze.rollout.judge;

import java.util.Locale;

/**
 * The meaning of a tick's figures for the rollout. Only {@link #HEALTHY} lets the bake clock run.
 */
public enum Verdict {
  /** Take all traffic away from Foundry. */
  ROLLBACK,
  /** Something is wrong that only alerts; no promotion meanwhile. */
  ALERT,
  /** Nothing can be said, or not yet: stay. */
  HOLD,
  /** Enough fresh data, and no limit is exceeded. */
  HEALTHY;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Short and stable, for JSON, metrics and logs. */
  public String label() {
    return label;
  }
}
