package com.huntaze.rollout.quota;

import java.util.Arrays;

/**
 * The demand of one limit at this process. Where nobody asks anywhere any more, the last one stays:
 * a client that comes back finds its part where it left it. Single-threaded.
 */
final class DemandMeter {
  private static final int SECOND = 4;
  private static final int REMEMBERED = Demand.SECONDS * SECOND;

  private final long[] counts = new long[REMEMBERED];
  private long before;
  private int at;

  /** Quarters of a second since somebody asks. */
  private int measured;

  private Demand last = Demand.NONE;

  /**
   * A quarter of a second has passed.
   *
   * @param asked how often the limit has been asked by now
   * @param elsewhere whether another replica has a demand for it
   */
  Demand tick(long asked, boolean elsewhere) {
    long count = asked < before ? asked : asked - before;
    before = asked;
    counts[at] = count;
    at = (at + 1) % REMEMBERED;
    if (count > 0 || elsewhere) {
      last = recent();
    }
    measured = Arrays.stream(counts).sum() == 0 ? 0 : Math.min(REMEMBERED, measured + 1);
    return last;
  }

  private Demand recent() {
    long all = 0;
    long second = 0;
    long most = 0;
    for (int i = 0; i < REMEMBERED; i++) {
      long count = counts[(at + i) % REMEMBERED];
      long gone = i < SECOND ? 0 : counts[(at + i - SECOND) % REMEMBERED];
      all += count;
      second += count - gone;
      most = Math.max(most, second);
    }
    // What has just begun is taken to go on as it began.
    return new Demand(
        all * REMEMBERED / Math.max(SECOND, Math.min(REMEMBERED, measured + 1)), most);
  }
}
