package com.huntaze.rollout.doctor;

import java.util.Locale;

/** The weight of a finding, in rising order. */
public enum Level {
  /** As it should be. */
  OK,
  /** It works, and somebody should know. */
  WARN,
  /** It does not work, or will not. */
  FAIL;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The word that people and scripts read. */
  public String label() {
    return label;
  }
}
