package com.huntaze.rollout.alert;

/**
 * The number of times that a delivery is tried, and the waits in between.
 *
 * @param attempts the most attempts
 * @param firstMillis the wait after the first one that failed
 */
record Backoff(int attempts, long firstMillis) {
  /** Two minutes of waiting in all: what mends itself within them loses no alert. */
  static final Backoff STANDARD = new Backoff(8, 1_000);

  private static final long LONGEST_MILLIS = 60_000;
  private static final int MOST_DOUBLINGS = 10;

  /** A receiver that asks for more is asked sooner: an alert of yesterday is of no use. */
  private static final long LONGEST_HINT_MILLIS = 300_000;

  /**
   * The wait before the next attempt: doubled each time, and at least as long as the receiver asks
   * for, both within bounds.
   *
   * @param failed how many attempts have failed, 1 or more
   * @param hintMillis what the receiver asks for, 0 = nothing
   */
  long millis(int failed, long hintMillis) {
    long doubled = firstMillis << Math.min(failed - 1, MOST_DOUBLINGS);
    return Math.max(Math.min(doubled, LONGEST_MILLIS), Math.min(hintMillis, LONGEST_HINT_MILLIS));
  }
}
