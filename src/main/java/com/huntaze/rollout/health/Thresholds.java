package com.huntaze.rollout.health;

/**
 * The limits of the plain rule, in the whole numbers that it counts in.
 *
 * @param errorBasisPoints the largest healthy share of errors, in 1/10,000
 * @param latencyMillis a slower exchange is slow
 * @param slowBasisPoints the largest healthy share of slow exchanges: 500, because p95 is over the
 *     limit exactly when more than 5 % are
 * @param costNano the largest healthy mean cost, nano-USD
 * @param minRequests the observations that the plain rule needs
 */
public record Thresholds(
    int errorBasisPoints,
    long latencyMillis,
    int slowBasisPoints,
    long costNano,
    long minRequests) {
  /** Nano-USD in a USD. */
  static final double NANO = 1e9;

  private static final int BEYOND_P95 = 500;

  /** The limits that the configuration names; it has checked that they are whole numbers. */
  public static Thresholds of(HealthSettings settings) {
    return new Thresholds(
        settings.errorRate().limitBasisPoints(),
        settings.latencyP95().limit().toMillis(),
        BEYOND_P95,
        settings.costPerRequestUsd().limit().movePointRight(9).longValueExact(),
        settings.minRequests());
  }
}
