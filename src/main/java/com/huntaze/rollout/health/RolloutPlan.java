package com.huntaze.rollout.health;

import java.time.Duration;

/**
 * The plan of the rollout, as far as the judge has to know it: how much time the sequential tests
 * have to spread their bets over, and what a promotion needs.
 *
 * @param stages how many, at least 1
 * @param planned all bake times, and {@link #WATCH} for the last stage if that has none
 * @param promoteMinRequests the observations that a healthy stage has at least
 * @param evidenceRequired whether a promotion needs proof that the rates are under their limits
 * @param warmup the first time of a stage, which is no evidence of slowness or cost
 */
public record RolloutPlan(
    int stages,
    Duration planned,
    long promoteMinRequests,
    boolean evidenceRequired,
    Duration warmup) {
  /** A plan without a warm-up. */
  public RolloutPlan(
      int stages, Duration planned, long promoteMinRequests, boolean evidenceRequired) {
    this(stages, planned, promoteMinRequests, evidenceRequired, Duration.ZERO);
  }

  /** The time for which a last stage without a bake time is taken to be watched. */
  public static final Duration WATCH = Duration.ofHours(24);
}
