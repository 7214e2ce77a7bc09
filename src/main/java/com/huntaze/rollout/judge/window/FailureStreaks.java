package com.huntaze.rollout.judge.window;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Foundry's exchanges of the whole process in the order in which they began, so that failures in a
 * row can be told from failures among successes. Those in a row, whatever their number, are one
 * event: a blip of a third of a second makes thirty of them at a hundred requests a second, and a
 * sequential test that took them for thirty would roll back. So of each row the first {@value
 * #MOST} count.
 *
 * <p>The row that a failure belongs to is known once an exchange that began later has succeeded;
 * until then it waits, see {@link WaitingFailures}. Of a rate of 50 % a row is rarely longer than
 * {@value #MOST}; a Foundry that fails always is the circuit breaker's matter.
 *
 * <p>Thread-safe and lock-free; the memory is fixed, and exchanges further back than {@value
 * #CELLS} are forgotten. Two loops that ask at once may count one failure more.
 */
public final class FailureStreaks {
  /** The failures in a row that count. */
  static final int MOST = 3;

  private static final int CELLS = 1 << 12;

  /** A row is looked along for so far; exchanges without a fate are passed over. */
  private static final int FARTHEST = 512;

  private static final int STATE_BITS = 2;
  private static final long SUCCEEDED = 1;
  private static final long COUNTED = 2;

  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong latestSuccess = new AtomicLong();
  private final AtomicLongArray cells = new AtomicLongArray(CELLS);

  /** An exchange begins; returns its place in the order, from 1. */
  long begin() {
    return begun.incrementAndGet();
  }

  /** It has succeeded. */
  void succeeded(long order) {
    mark(order, SUCCEEDED);
    if (order > latestSuccess.get()) {
      latestSuccess.accumulateAndGet(order, Math::max);
    }
  }

  /** Tells whether an exchange that began later has succeeded. */
  boolean isFollowedBySuccess(long order) {
    return order < latestSuccess.get();
  }

  /** Tells whether a failure is among the first of its row, and counts it if so. */
  boolean counts(long order) {
    int counted = countedBeside(order, -1);
    counted += counted >= MOST ? 0 : countedBeside(order, 1);
    if (counted >= MOST) {
      return false;
    }
    mark(order, COUNTED);
    return true;
  }

  private int countedBeside(long order, int direction) {
    int counted = 0;
    for (int step = 1; step <= FARTHEST && counted < MOST; step++) {
      long state = state(order + (long) step * direction);
      if (state == SUCCEEDED) {
        break;
      }
      counted += state == COUNTED ? 1 : 0;
    }
    return counted;
  }

  private void mark(long order, long state) {
    cells.set(at(order), order << STATE_BITS | state);
  }

  private long state(long order) {
    long cell = cells.get(at(order));
    return cell >>> STATE_BITS == order ? cell & (1 << STATE_BITS) - 1 : 0;
  }

  private static int at(long order) {
    return (int) (order & CELLS - 1);
  }
}
