package com.huntaze.rollout.breaker;

import com.huntaze.rollout.failover.FailedUsers;
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
    long mark = mark(user);
    int at = (int) (mark >>> Long.SIZE - 8);
    long cell = mark | second(nowMillis) & SECOND;
    if (cells.getPlain(at) != cell) {
      cells.lazySet(at, cell);
    }
  }

  /** Returns the number of them, or fewer. */
  int count(long nowMillis) {
    int count = 0;
    for (int at = 0; at < CELLS; at++) {
      count += isRecent(cells.get(at), nowMillis) ? 1 : 0;
    }
    return count;
  }

  /** Tells whether there is one who is not among these; where two share a cell, perhaps not. */
  boolean anyBut(FailedUsers failed, long nowMillis) {
    for (int at = 0; at < CELLS; at++) {
      long cell = cells.get(at);
      if (isRecent(cell, nowMillis) && !failed.any(user -> mark(user) == (cell & ~SECOND))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRecent(long cell, long nowMillis) {
    return cell != 0 && (second(nowMillis) - cell & SECOND) <= SPAN_SECONDS;
  }

  /** The half of a cell that tells users apart: never 0, which is an empty cell. */
  private static long mark(long user) {
    return user * 0x9e37_79b9_7f4a_7c15L & ~SECOND | 1L << SECOND_BITS;
  }

  private static long second(long nowMillis) {
    return nowMillis / 1_000;
  }
}
