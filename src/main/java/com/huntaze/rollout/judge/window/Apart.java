package com.huntaze.rollout.judge.window;

import java.util.Locale;

/** The kinds of makers of requests whose observations are kept apart. */
public enum Apart {
  /** A user. */
  USER,
  /** An API key, with all its users. */
  API_KEY;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', ' ');

  /** Its name within a sentence. */
  String label() {
    return label;
  }
}
