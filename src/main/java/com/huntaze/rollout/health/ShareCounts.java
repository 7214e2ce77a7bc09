package com.huntaze.rollout.health;

/**
 * A share in whole numbers.
 *
 * @param hits of them
 * @param n all
 */
public record ShareCounts(long hits, long n) {

  ShareCounts plus(ShareCounts other) {
    return new ShareCounts(hits + other.hits, n + other.n);
  }

  /** Whether more than so many basis points of all are hits. */
  boolean exceeds(int basisPoints) {
    return n > 0 && Math.multiplyExact(10_000L, hits) > Math.multiplyExact((long) basisPoints, n);
  }
}
