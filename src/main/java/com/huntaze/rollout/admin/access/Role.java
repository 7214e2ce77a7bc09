package com.huntaze.rollout.admin.access;

import java.util.Locale;

/** The things that a caller may do, each role what those before it may, too. */
public enum Role {
  /** Reads. */
  VIEWER,
  /** Gives orders to the rollout. */
  OPERATOR,
  /** Has the configuration read again, and breaks simulated providers. */
  ADMIN;

  /** True if this one may do what {@code needed} may. */
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** The name on the wire: {@code operator}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
