package com.huntaze.rollout.traffic;

import java.util.concurrent.atomic.LongAdder;

/**
 * Decides which side a request goes to while a canary runs (the seed's TrafficSplitter).
 *
 * <p>A request with a user key always falls on the same side at the same percentage; one without
 * follows the process-wide sequence. Thread-safe; a decision costs one volatile read.
 */
public final class TrafficSplitter {
  private final String salt;
  private final GoldenRatioSequence keyless;
  private final LongAdder foundry = new LongAdder();
  private final LongAdder legacy = new LongAdder();
  private volatile int percentage;

  /**
   * @param salt what separates this rollout's buckets from those of another one
   * @param keyless the sequence for requests without a user key, shared by all of a process
   */
  public TrafficSplitter(String salt, GoldenRatioSequence keyless) {
    this.salt = salt;
    this.keyless = keyless;
  }

  /** The share of Foundry in force, 0..100. */
  public int percentage() {
    return percentage;
  }

  /**
   * Sets the share of Foundry for every decision from now on.
   *
   * @throws IllegalArgumentException if it is not within 0..100
   */
  public void updatePercentage(int newPercentage) {
    if (newPercentage < 0 || newPercentage > 100) {
      throw new IllegalArgumentException(
          "percentage: %d (expected: 0..100)".formatted(newPercentage));
    }
    percentage = newPercentage;
  }

  /**
   * Whether the request goes to Foundry.
   *
   * @param userKey the user key as {@link UserKey} normalised it; {@code null} = keyless, which
   *     takes a step of the sequence
   */
  public boolean shouldUseFoundry(String userKey) {
    int bucket = userKey == null ? keyless.nextBucket() : StickyBuckets.bucket(salt, userKey);
    boolean chosen = bucket < percentage * (StickyBuckets.BUCKETS / 100);
    (chosen ? foundry : legacy).increment();
    return chosen;
  }

  /** What was set and what was done since the start. */
  public TrafficMetrics metrics() {
    return new TrafficMetrics(percentage, foundry.sum(), legacy.sum());
  }
}
