package com.huntaze.rollout.judge;

import java.util.Locale;

/** The reasons of a {@link Verdict#HOLD}. */
public enum HoldReason {
  /** It is not. */
  NONE,
  /** No source reports, or one has fallen silent. */
  STALE,
  /** The stage warms up: its times and costs do not count yet. */
  WARMING,
  /** Foundry has no observation in the window, or none for {@code noDataAfter}. */
  NO_DATA,
  /** The stage has fewer observations than {@code promote.minRequests}. */
  TOO_FEW,
  /** Both providers fail alike. */
  BOTH_FAIL,
  /** A limit is exceeded, in fewer observations than the plain rule needs. */
  OVER_LIMIT;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Short and stable, for JSON, metrics and logs. */
  public String label() {
    return label;
  }
}
