package com.huntaze.rollout.request;

import java.util.concurrent.TimeUnit;

/** The clock of deadlines: it never jumps, and its numbers mean nothing outside the process. */
public final class Monotonic {
  private Monotonic() {}

  /** The present moment in milliseconds of this clock. */
  public static long millis() {
    return millis(System.nanoTime());
  }

  /** The same instant that {@code System.nanoTime()} gave. */
  public static long millis(long nanoTime) {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime);
  }
}
