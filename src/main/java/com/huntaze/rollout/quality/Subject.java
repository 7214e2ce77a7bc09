package com.huntaze.rollout.quality;

import java.util.Locale;
import java.util.Optional;

/** By what scores are broken down. */
public enum Subject {
  PROVIDER,
  MODEL,
  AGENT;

  /** The name on the wire. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The subject of a name on the wire. */
  public static Optional<Subject> of(String label) {
    for (Subject subject : values()) {
      if (subject.label().equals(label)) {
        return Optional.of(subject);
      }
    }
    return Optional.empty();
  }
}
