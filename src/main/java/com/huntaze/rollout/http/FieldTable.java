package com.huntaze.rollout.http;

import java.util.List;

/**
 * Names of fields and what is known of each, in bits. A name is found without regard to case, and
 * without a string being made for it: every field of every message is looked up. Built once; a
 * client cannot put anything into it.
 */
public final class FieldTable {
  private static final int SLOTS = 256;

  private final String[] names = new String[SLOTS];
  private final int[] bits = new int[SLOTS];
  private int size;

  /** Adds a bit to what is known of the names; ASCII in lower case. */
  public FieldTable add(int bit, List<String> more) {
    for (String name : more) {
      int slot = slot(name);
      if (names[slot] == null) {
        names[slot] = name;
        size++;
      }
      bits[slot] |= bit;
    }
    // With half of its slots free, a search ends soon.
    if (size > SLOTS / 2) {
      throw new IllegalStateException("names: %d (expected: at most 128)".formatted(size));
    }
    return this;
  }

  /** Returns the bits of a name, 0 = none. */
  public int bits(String name) {
    return bits[slot(name)];
  }

  private int slot(String name) {
    int slot = hash(name) & (SLOTS - 1);
    while (names[slot] != null && !names[slot].equalsIgnoreCase(name)) {
      slot = (slot + 1) & (SLOTS - 1);
    }
    return slot;
  }

  private static int hash(String name) {
    int hash = name.length();
    for (int i = 0; i < name.length(); i++) {
      // Maps upper case to lower case, and what is no letter to something all the same.
      hash = 31 * hash + (name.charAt(i) | 0x20);
    }
    return hash ^ (hash >>> 8);
  }
}
