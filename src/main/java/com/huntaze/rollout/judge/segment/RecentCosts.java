package com.huntaze.rollout.judge.segment;

import java.util.Arrays;
import java.util.Optional;

/** A ring of what Foundry's last answers cost, nano-USD. Single-threaded. */
final class RecentCosts {
  /** Answers that are remembered: as many as the plain rule looks at by default. */
  static final int MOST = 2_000;

  private final long[] nanos = new long[MOST];
  private int count;
  private int next;

  /**
   * @param nano less than 0 = not known, which is none
   */
  void add(long nano) {
    if (nano < 0) {
      return;
    }
    nanos[next] = nano;
    next = (next + 1) % MOST;
    count = Math.min(count + 1, MOST);
  }

  /** The dearest and the median; empty = no cost is known. */
  Optional<CostFigures> figures() {
    if (count == 0) {
      return Optional.empty();
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return Optional.of(new CostFigures(count, sorted[count - 1], sorted[(count - 1) / 2]));
  }
}
