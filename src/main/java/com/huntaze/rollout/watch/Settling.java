package com.huntaze.rollout.watch;

import java.util.concurrent.TimeUnit;

/**
 * Tells when files have changed and been still for a moment since: one that is just being written
 * is not told of half-way, unless its writer never stops. It is shown what the files look like, now
 * and then and as often as anybody likes; what has no effect on its answer is how often.
 */
final class Settling {
  static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

  /** A writer that never stops keeps nobody waiting for longer. */
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

  private String told;
  private String seen;
  private boolean moving;
  private long movingSince;
  private long stillSince;

  /**
   * @param known the look of files that nobody need be told of
   */
  Settling(String known) {
    told = known;
    seen = known;
  }

  /**
   * Takes a look.
   *
   * @param now what the files look like
   * @param nanos the time of it, on a clock that never goes back
   * @return whether it is to be told of: once for each change that has settled
   */
  boolean look(String now, long nanos) {
    if (!moving && now.equals(told)) {
      return false;
    }
    if (!moving) {
      moving = true;
      movingSince = nanos;
      seen = told;
    }
    if (!now.equals(seen)) {
      seen = now;
      stillSince = nanos;
    }
    boolean still = nanos - stillSince >= STILL_NANOS;
    boolean late = nanos - movingSince >= LONGEST_NANOS;
    if (!still && !late) {
      return false;
    }
    moving = false;
    boolean other = !seen.equals(told);
    told = seen;
    return other;
  }

  /** Tells whether a change has been seen that has not settled: another look is wanted soon. */
  boolean isMoving() {
    return moving;
  }
}
