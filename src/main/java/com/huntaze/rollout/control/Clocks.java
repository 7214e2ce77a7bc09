package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.Time;

/** Both clocks, read at once. */
@FunctionalInterface
public interface Clocks {
  Time now();

  /** The machine's own. */
  static Clocks system() {
    return () -> new Time(System.nanoTime() / 1_000_000, System.currentTimeMillis());
  }
}
