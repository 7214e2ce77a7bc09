package com.huntaze.rollout.breaker;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the distinct users of the last ten minutes, in fixed memory and without locks: a cell per
 * hash holds the second in which it was seen last. Collisions only lower the count, and over
 * {@value #CELLS} users are not told apart: it is asked whether there are a few.
 */
final class RecentUsers {
  private static final int CELLS = 256;
  private static final long SPAN_SECONDS = 600;
  private static final int SECOND_BITS = 32;
  private static final long SECOND = (1L << SECOND_BITS) - 1;

  private final AtomicLongArray cells = new AtomicLongArray(CELLS);

  /**
   * A user is here.
   *
   * @param nowMillis monotonic
   */
  void seen(long user, long nowMillis) {
    long mixed = user * 0x9e37_79b9_7f4a_7c15L;
    int at = (int) (mixed >>> Long.SIZE - 8);
    // Never 0, which is an empty cell.
    long cell = (mixed & ~SECOND | second(nowMillis) & SECOND) | 1L << SECOND_BITS;
    if (cells.getPlain(at) != cell) {
      cells.lazySet(at, cell);
    }
  }

  /** Returns the number of them, or fewer. */
  int count(long nowMillis) {
    long now = second(nowMillis);
    int count = 0;
    for (int at = 0; at < CELLS; at++) {
      long cell = cells.get(at);
      boolean recent = (now - cell & SECOND) <= SPAN_SECONDS;
      count += cell != 0 && recent ? 1 : 0;
    }
    return count;
  }

  private static long second(long nowMillis) {
    return nowMillis / 1_000;
  }
}
