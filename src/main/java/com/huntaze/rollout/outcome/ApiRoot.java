package com.huntaze.rollout.outcome;

import java.util.Set;

/** The segments of paths behind which a provider's API begins: {@code v1}, {@code openai}. */
public final class ApiRoot {
  private static final Set<String> WORDS = Set.of("openai", "anthropic", "models");

  private ApiRoot() {}

  /** Tells whether a provider's API begins behind a segment of a path. */
  public static boolean is(String segment) {
    return isVersion(segment) || WORDS.contains(segment);
  }

  /** A {@code v}, a digit, and at most fifteen digits or small letters. */
  private static boolean isVersion(String segment) {
    int length = segment.length();
    boolean version =
        length >= 2 && length <= 17 && segment.charAt(0) == 'v' && isDigit(segment.charAt(1));
    for (int i = 2; version && i < length; i++) {
      char c = segment.charAt(i);
      version = isDigit(c) || c >= 'a' && c <= 'z';
    }
    return version;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
