package com.huntaze.rollout.outcome;

import java.util.BitSet;

/**
 * A bit for each container that is open: those of the outermost 64 in one number, for which nothing
 * is made. An answer has a dozen at most, an attacker's any number.
 */
final class NestedKinds {
  private long outer;

  /** Those of the containers within these; made when there is one. */
  private BitSet inner;

  void set(int depth, boolean value) {
    if (depth < Long.SIZE) {
      long bit = 1L << depth;
      outer = value ? outer | bit : outer & ~bit;
      return;
    }
    inner = inner == null ? new BitSet() : inner;
    inner.set(depth - Long.SIZE, value);
  }

  boolean get(int depth) {
    return depth < Long.SIZE ? (outer >>> depth & 1) != 0 : inner.get(depth - Long.SIZE);
  }
}
