package com.huntaze.rollout.traffic;

import java.util.concurrent.atomic.AtomicInteger;
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
  private final LongAdder foundry;
  private final LongAdder legacy;
  private final AtomicInteger percentage;

  /**
   * @param salt what separates this rollout's buckets from those of another one
   * @param keyless the sequence for requests without a user key, shared by all of a process
   */
  public TrafficSplitter(String salt, GoldenRatioSequence keyless) {
    this(salt, keyless, new LongAdder(), new LongAdder(), new AtomicInteger());
  }

  private TrafficSplitter(
      String salt,
      GoldenRatioSequence keyless,
      LongAdder foundry,
      LongAdder legacy,
      AtomicInteger percentage) {
    this.salt = salt;
    this.keyless = keyless;
    this.foundry = foundry;
    this.legacy = legacy;
    this.percentage = percentage;
  }

  /** The same split with other buckets: percentage and counts stay common to both. */
  public TrafficSplitter salted(String other) {
    return other.equals(salt)
        ? this
        : new TrafficSplitter(other, keyless, foundry, legacy, percentage);
  }

  /** The share of Foundry in force, 0..100. */
  public int percentage() {
    return percentage.get();
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
    percentage.set(newPercentage);
  }

  /**
   * Returns whether the request goes to Foundry.
   *
   * @param userKey the user key as {@link UserKey} normalised it; {@code null} = keyless, which
   *     takes a step of the sequence
   */
  public boolean shouldUseFoundry(String userKey) {
    int bucket = userKey == null ? keyless.nextBucket() : StickyBuckets.bucket(salt, userKey);
    boolean chosen = bucket < percentage.get() * (StickyBuckets.BUCKETS / 100);
    (chosen ? foundry : legacy).increment();
    return chosen;
  }

  /** Returns the settings, and the counts since the start. */
  public TrafficMetrics metrics() {
    return new TrafficMetrics(percentage.get(), foundry.sum(), legacy.sum());
  }
}
