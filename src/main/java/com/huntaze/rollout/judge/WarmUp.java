package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;

/**
 * The first minutes of a stage, which are no evidence of slowness or cost. An exchange that begins
 * in them has until the limit on the latency to be slow. It has no clock. Single-threaded.
 */
final class WarmUp {
  private final long length;
  private long left;

  /** The time since it ended. */
  private long since;

  private WarmUp(long length) {
    this.length = length;
  }

  static WarmUp of(HealthSettings settings, RolloutPlan plan) {
    return new WarmUp(
        plan.warmup().isZero() ? 0 : plan.warmup().plus(settings.latencyP95().limit()).toMillis());
  }

  /** A stage has begun. */
  void begin() {
    left = length;
    since = 0;
  }

  /** Time of the stage has passed. */
  void pass(long millis) {
    since += Math.max(0, millis - left);
    left = Math.max(0, left - millis);
  }

  boolean isOn() {
    return left > 0;
  }

  /** Tells whether it was still on so long ago. */
  boolean wasOn(long ageMillis) {
    return isOn() || length > 0 && since < ageMillis;
  }

  long leftMillis() {
    return left;
  }

  /**
   * Goes on where a checkpoint ended. One that had ended by then is taken to have ended long ago:
   * nobody knows when, and minutes of a warm stage would count for nothing.
   */
  void restore(long leftMillis) {
    left = Math.min(left, leftMillis);
    since = isOn() ? 0 : Long.MAX_VALUE / 2;
  }

  /** Goes on where that of a judge of other settings stands. */
  void takeOver(WarmUp before) {
    left = before.left;
    since = before.since;
  }
}
