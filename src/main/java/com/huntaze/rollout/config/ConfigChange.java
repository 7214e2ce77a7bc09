package com.huntaze.rollout.config;

/**
 * A value that is otherwise than before, secrets masked: two different ones may look the same.
 *
 * @param path where it stands
 * @param before as it was, empty = there was none
 * @param after as it is, empty = there is none
 */
public record ConfigChange(String path, String before, String after) {

  /** For example {@code timeouts.stream: "15m" -> "5m"}. */
  @Override
  public String toString() {
    return "%s: %s -> %s"
        .formatted(path, before.isEmpty() ? "none" : before, after.isEmpty() ? "none" : after);
  }
}
