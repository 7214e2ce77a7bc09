package com.huntaze.rollout.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;

/** The bodies of requests; anybody may have written them. */
public final class Bodies {
  private static final int SHOWN = 64;

  private Bodies() {}

  /**
   * Checks that a request has no body, or an empty one.
   *
   * @throws IllegalArgumentException with a sentence for the sender
   */
  public static void none(Object body) {
    boolean empty = body == null || body instanceof JsonObject object && object.isEmpty();
    if (!empty) {
      throw new IllegalArgumentException("body: %s (expected: none)".formatted(shown(body)));
    }
  }

  /**
   * Checks that an object has no other fields than these: one that is misspelt would be passed over
   * in silence.
   *
   * @throws IllegalArgumentException with a sentence for the sender
   */
  public static void known(JsonObject body, Set<String> fields) {
    for (String field : body.fieldNames()) {
      if (!fields.contains(field)) {
        throw new IllegalArgumentException(
            "%s: unknown field (expected: %s)"
                .formatted(shown(field), String.join(", ", new TreeSet<>(fields))));
      }
    }
  }

  /** A value as it may stand in a sentence: without what forges lines, and not long. */
  public static String shown(Object value) {
    String text =
        value instanceof JsonObject || value instanceof JsonArray || value instanceof String
            ? String.valueOf(value)
            : value == null ? "null" : value.getClass().getSimpleName();
    String clean = text.replaceAll("[^ -~]", "?");
    return clean.length() > SHOWN ? clean.substring(0, SHOWN) + "…" : clean;
  }
}
