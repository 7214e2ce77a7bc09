package com.huntaze.rollout.quality;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The names that get a row of their own: those that are configured, and the first few others. One
 * string is kept for each, so that what is remembered of an exchange holds no text of its caller's.
 */
final class Names {
  static final String NONE = "none";
  static final String OTHER = "other";

  private final Map<String, String> known = new HashMap<>();
  private int room;

  /**
   * @param configured names that always have a row
   * @param room how many others have one
   */
  Names(Set<String> configured, int room) {
    configured.forEach(name -> known.put(name, name));
    this.room = room;
  }

  /** These have rows from now on, too. */
  void configure(Set<String> configured) {
    configured.forEach(name -> known.putIfAbsent(name, name));
  }

  /** The name of a value's row, {@code null} included. */
  String of(String value) {
    if (value == null) {
      return NONE;
    }
    String name = known.get(value);
    if (name != null) {
      return name;
    }
    if (room == 0) {
      return OTHER;
    }
    room--;
    known.put(value, value);
    return value;
  }
}
