package com.huntaze.rollout.health;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * One provider's counts of the last W seconds, or of the shortest run of the newest 1 s buckets
 * that holds N, if the last W seconds hold fewer.
 *
 * <p>N is asked of each denominator by itself: the settled exchanges for errors, the observed ones
 * for latency, those of known cost for cost. With one window for all three, a few exchanges that
 * never settle, or whose cost is unknown, would keep those metrics just below N for good wherever
 * traffic is low, and the plain rule would never judge them.
 *
 * <p>Memory: only seconds with data have a bucket. Those younger than W, and of the older ones the
 * newest {@value #EXACT} at least, are exact seconds. Beyond {@value #MOST} older buckets the older
 * half of them is coalesced in pairs, so that a window that reaches back that far (N in the tens of
 * thousands at low traffic) begins at the nearest kept boundary and may hold more than the least.
 */
final class SlidingWindow {
  static final int EXACT = 8_192;

  private static final int MOST = 2 * EXACT;

  private final long seconds;
  private final long least;

  /** The newest first. */
  private Deque<Bucket> buckets = new ArrayDeque<>();

  private int older;

  /**
   * @param seconds W, at least 1
   * @param least N, at least 1
   */
  SlidingWindow(long seconds, long least) {
    this.seconds = seconds;
    this.least = least;
  }

  void clear() {
    buckets.clear();
  }

  /**
   * Adds what has been counted in a second.
   *
   * @param second not before the newest one
   */
  void add(long second, Tally counted) {
    if (counted.equals(Tally.NONE)) {
      return;
    }
    Bucket newest = buckets.peekFirst();
    if (newest != null && newest.second >= second) {
      buckets.removeFirst();
      buckets.addFirst(new Bucket(newest.second, newest.counted.plus(counted)));
    } else {
      buckets.addFirst(new Bucket(second, counted));
    }
  }

  /** The window that ends with {@code now}; what no later window can need is forgotten. */
  WindowCounts counts(long now) {
    Sums sums = new Sums();
    older = 0;
    Iterator<Bucket> newestFirst = buckets.iterator();
    while (newestFirst.hasNext()) {
      Bucket bucket = newestFirst.next();
      boolean young = now - bucket.second < seconds;
      if (!young && sums.isFull()) {
        newestFirst.remove();
      } else {
        older += young ? 0 : 1;
        sums.add(bucket.counted, young);
      }
    }
    if (older > MOST) {
      coalesce();
    }
    return sums.counts();
  }

  /** How many buckets are kept. */
  int size() {
    return buckets.size();
  }

  private void coalesce() {
    List<Bucket> all = new ArrayList<>(buckets);
    int exact = all.size() - older + older / 2;
    Deque<Bucket> fewer = new ArrayDeque<>(all.subList(0, exact));
    for (int i = exact; i < all.size(); i += 2) {
      Bucket bucket = all.get(i);
      fewer.addLast(i + 1 < all.size() ? bucket.with(all.get(i + 1)) : bucket);
    }
    buckets = fewer;
  }

  /**
   * @param second the newest second that it holds
   */
  private record Bucket(long second, Tally counted) {
    Bucket with(Bucket earlier) {
      return new Bucket(second, counted.plus(earlier.counted));
    }
  }

  /** The three windows while they are being filled, backwards in time. */
  private final class Sums {
    private long observed;
    private long settled;
    private long errors;
    private long slow;
    private long costKnown;
    private long unpriced;
    private long costNano;
    private long neutral;

    boolean isFull() {
      return observed >= least && settled >= least && costKnown >= least;
    }

    void add(Tally more, boolean young) {
      if (young || observed < least) {
        observed += more.observed();
        slow += more.slow();
        neutral += more.neutral();
      }
      if (young || settled < least) {
        settled += more.settled();
        errors += more.errors();
      }
      if (young || costKnown < least) {
        costKnown += more.costKnown();
        unpriced += more.unpriced();
        costNano = Tally.saturated(costNano, more.costNano());
      }
    }

    WindowCounts counts() {
      return new WindowCounts(
          observed, settled, errors, slow, costKnown, unpriced, costNano, neutral);
    }
  }
}
