package com.huntaze.rollout.cluster;

/**
 * Decides when a member of the voters' log leaves and joins again: a voter that orders it, because
 * its disk is full, hung or too slow (JGroups itself would keep it for ever, and nobody would
 * lead), and one that hears nothing of it any more. It has no clock: times are monotonic
 * milliseconds of the caller's. Single-threaded.
 */
final class HandOver {
  /** A lease has ended by then, for its beats are entries. */
  static final long WAITS_MILLIS = 2_000;

  /** If the disks of all are full it goes round slowly. */
  static final long BETWEEN_MILLIS = 30_000;

  /** Longer than a leader takes to be followed and heard of. */
  static final long BEHIND_MILLIS = 10_000;

  private boolean behind;
  private long behindSince;
  private boolean ordered;
  private long orderedSince;
  private boolean handedOver;
  private long handedOverAt;

  /**
   * Returns whether it is to leave now.
   *
   * @param orders whether this voter orders the log
   * @param waitsMillis for how long its disk has taken no entry in time
   * @param others the other members that are there
   */
  boolean due(boolean orders, long waitsMillis, int others, long nowMillis) {
    if (!ordered) {
      orderedSince = nowMillis;
    }
    ordered = orders;
    // What another has ordered may have been late, too.
    long waits = Math.min(waitsMillis, nowMillis - orderedSince);
    return orders && waits >= WAITS_MILLIS && others > 0 && mayLeave(nowMillis);
  }

  /**
   * Returns whether it is to leave now, because its log tells it nothing any more: after a parting
   * JGroups may take it for one that hears the entries, which it does not.
   *
   * @param known the highest term of its own log
   * @param told the term that the leader tells of itself, 0 = nobody is heard who leads
   */
  boolean isBehind(long known, long told, long nowMillis) {
    boolean now = told > known;
    behindSince = now && behind ? behindSince : nowMillis;
    behind = now;
    return behind && nowMillis - behindSince >= BEHIND_MILLIS && mayLeave(nowMillis);
  }

  /** Returns whether it is to leave now, as far as it has not just done so; then it does. */
  boolean mayLeave(long nowMillis) {
    if (handedOver && nowMillis - handedOverAt < BETWEEN_MILLIS) {
      return false;
    }
    behind = false;
    handedOver = true;
    handedOverAt = nowMillis;
    return true;
  }
}
