package com.huntaze.rollout.health;

/**
 * The plain rule, in whole numbers: at least N observations, and strictly more than the limit.
 * Nearest-rank p95 is over T exactly when more than 5 % of the observations are. Source: the
 * statistics of the canary, 5.
 */
final class PlainRule {
  private static final long BASIS = 10_000;

  private final Thresholds limits;

  PlainRule(Thresholds limits) {
    this.limits = limits;
  }

  /** Whether the window has more errors than allowed, whatever its size. */
  boolean errorsExceed(WindowCounts window) {
    return exceeds(BASIS, window.errors(), limits.errorBasisPoints(), window.settled());
  }

  /** Whether the window's p95 is over the limit, whatever its size. */
  boolean latencyExceeds(WindowCounts window) {
    return exceeds(BASIS, window.slow(), limits.slowBasisPoints(), window.observed());
  }

  /** Whether the window's mean cost is over the limit, whatever its size. */
  boolean costExceeds(WindowCounts window) {
    return exceeds(1, window.costNano(), limits.costNano(), window.costKnown());
  }

  /** Whether so many observations are enough for the rule to decide. */
  boolean isEnough(long observations) {
    return observations >= limits.minRequests();
  }

  /** {@code a * b > c * d} for numbers of 0 or more, without overflow. */
  static boolean exceeds(long a, long b, long c, long d) {
    int high = Long.compare(Math.multiplyHigh(a, b), Math.multiplyHigh(c, d));
    return high > 0 || high == 0 && Long.compareUnsigned(a * b, c * d) > 0;
  }
}
