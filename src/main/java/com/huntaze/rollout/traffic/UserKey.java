package com.huntaze.rollout.traffic;

import java.nio.charset.StandardCharsets;

/** Brings what a caller says of its user into the form that is hashed. */
public final class UserKey {
  /** A longer key is not a key: the request is keyless. */
  public static final int MAX_BYTES = 256;

  private UserKey() {}

  /**
   * The key without surrounding white space, case kept; {@code null} (keyless) when there is none,
   * it is empty, or it is longer than {@value #MAX_BYTES} bytes of UTF-8.
   */
  public static String normalise(String raw) {
    if (raw == null) {
      return null;
    }
    String key = raw.strip();
    return key.isEmpty() || utf8Length(key) > MAX_BYTES ? null : key;
  }

  private static int utf8Length(String key) {
    // A char is at least one byte, so a long hostile value is refused without encoding it.
    return key.length() > MAX_BYTES ? key.length() : key.getBytes(StandardCharsets.UTF_8).length;
  }
}
