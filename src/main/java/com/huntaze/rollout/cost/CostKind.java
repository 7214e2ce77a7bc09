package com.huntaze.rollout.cost;

import java.util.Locale;

/** The certainty of a cost, best first. */
public enum CostKind {
  /** The provider told all that was used, or the cost itself. */
  EXACT,
  /** The part of an answer that was seen before it broke off: at least this. */
  ESTIMATED,
  /** The usage or the model's price is not known; the cost counts nowhere as zero. */
  UNKNOWN;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name on the wire. */
  public String label() {
    return label;
  }

  /** The worse of both: what a sum of two costs is. */
  public CostKind and(CostKind other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
