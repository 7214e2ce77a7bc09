package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.Counts;

/**
 * The comparison of the latest totals, made anew when these are others: its intervals cost more
 * than all the rest of a tick. Single-threaded.
 */
public final class LatestComparison {
  private Comparison latest;
  private Counts foundry;
  private Counts legacy;

  /** Returns the comparison of these totals. */
  public Comparison of(Counts nowFoundry, Counts nowLegacy) {
    if (latest == null || nowFoundry != foundry || nowLegacy != legacy) {
      latest = Comparison.of(nowFoundry, nowLegacy);
      foundry = nowFoundry;
      legacy = nowLegacy;
    }
    return latest;
  }
}
