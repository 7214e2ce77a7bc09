package com.huntaze.rollout.telemetry;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One line of a kind a minute: what happens a thousand times a second is said once. Thread-safe.
 */
final class QuietMinute {
  private static final long NANOS = 60_000_000_000L;

  private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - NANOS);

  /** Returns whether nothing was said for a minute, and takes this minute if so. */
  boolean speak() {
    long now = System.nanoTime();
    long last = toldNanos.get();
    return now - last >= NANOS && toldNanos.compareAndSet(last, now);
  }
}
