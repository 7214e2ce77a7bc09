package com.huntaze.rollout.health;

/** Quotients of counts, without data 0. */
final class Rate {
  private Rate() {}

  /** {@code sum / count}, or 0 without any. */
  static double of(long sum, long count) {
    return count <= 0 ? 0 : (double) sum / count;
  }
}
