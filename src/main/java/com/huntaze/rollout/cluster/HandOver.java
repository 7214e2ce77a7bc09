package com.huntaze.rollout.cluster;

/**
 * Decides when a voter that orders the log leaves that to another one, because its disk is full,
 * hung or too slow. JGroups itself would keep it for ever, and nobody would lead. It has no clock:
 * times are monotonic milliseconds of the caller's. Single-threaded.
 */
final class HandOver {
  /** A lease has ended by then, for its beats are entries. */
  static final long WAITS_MILLIS = 2_000;

  /** If the disks of all are full it goes round slowly. */
  static final long BETWEEN_MILLIS = 30_000;

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
    boolean early = handedOver && nowMillis - handedOverAt < BETWEEN_MILLIS;
    if (!orders || waits < WAITS_MILLIS || others == 0 || early) {
      return false;
    }
    handedOver = true;
    handedOverAt = nowMillis;
    return true;
  }
}
