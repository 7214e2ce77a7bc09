package com.huntaze.rollout.proxy;

import java.util.concurrent.TimeUnit;

/** The clock of deadlines: it never jumps, and its numbers mean nothing outside the process. */
final class Monotonic {
  private Monotonic() {}

  static long millis() {
    return millis(System.nanoTime());
  }

  /** The same instant that {@code System.nanoTime()} gave. */
  static long millis(long nanoTime) {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime);
  }
}
