package com.huntaze.rollout.judge.window;

/** Quotients of counts, without data 0. */
public final class Rate {
  private Rate() {}

  /** {@code sum / count}, or 0 without any. */
  public static double of(long sum, long count) {
    return count <= 0 ? 0 : (double) sum / count;
  }

  /** {@code a * b > c * d} for numbers of 0 or more, without overflow. */
  public static boolean exceeds(long a, long b, long c, long d) {
    int high = Long.compare(Math.multiplyHigh(a, b), Math.multiplyHigh(c, d));
    return high > 0 || high == 0 && Long.compareUnsigned(a * b, c * d) > 0;
  }
}
