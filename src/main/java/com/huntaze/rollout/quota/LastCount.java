package com.huntaze.rollout.quota;

/**
 * The number of replicas that a limit is divided by, held where this one may be the one that is cut
 * off: who sees at most half of those that were there does not know. Single-threaded.
 */
final class LastCount {
  /** Those who go one after the other within this time may have gone at once. */
  static final long SETTLED_MILLIS = 10_000;

  /** Whoever has not come back by then is gone. */
  static final long LOST_MILLIS = 600_000;

  private int last = 1;
  private int seen = 1;
  private long since = Long.MIN_VALUE / 2;

  /**
   * Returns whether this replica knows who is there.
   *
   * @param now how many are seen, this one included
   * @param leftInOrder how many have left in order since the call before
   */
  boolean isSure(int now, int leftInOrder, long nowMillis) {
    last = Math.max(1, last - leftInOrder);
    if (now != seen) {
      seen = now;
      since = nowMillis;
    }
    long settled = 2 * now > last ? SETTLED_MILLIS : LOST_MILLIS;
    if (now >= last || nowMillis - since >= settled) {
      last = now;
    }
    return 2 * now > last;
  }
}
