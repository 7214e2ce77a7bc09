package com.huntaze.rollout.failover;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The one budget of retries of the whole process: over a sliding second, at most the larger of a
 * share of the requests and a fixed number (promise P4).
 *
 * <p>The second slides in steps of 50 ms. Thread-safe without locks.
 */
public final class RetryBudget {
  private static final int BUCKETS = 20;
  private static final int BUCKET_MILLIS = 1_000 / BUCKETS;

  private final RetryBudgetSettings settings;

  /** Per bucket, the low half of its number (it wraps in years) above the count of requests. */
  private final AtomicLongArray requests = new AtomicLongArray(BUCKETS);

  /** Retries are few: one immutable ring, replaced as a whole, so that none is granted twice. */
  private final AtomicReference<Grants> grants =
      new AtomicReference<>(new Grants(Long.MIN_VALUE, new int[BUCKETS]));

  /** An empty budget: no request has been seen yet. */
  public RetryBudget(RetryBudgetSettings settings) {
    this.settings = settings;
  }

  /** A request of a client has come in; its retries and failover are not counted here. */
  public void request(long nowMillis) {
    long bucket = Math.floorDiv(nowMillis, BUCKET_MILLIS);
    int slot = Math.floorMod(bucket, BUCKETS);
    long seen = requests.get(slot);
    while (!requests.compareAndSet(slot, seen, increment(seen, (int) bucket))) {
      seen = requests.get(slot);
    }
  }

  /**
   * Takes one retry from the budget.
   *
   * @param nowMillis a monotonic clock, the same for all callers
   * @return false when the budget is used up; nothing is taken then
   */
  public boolean tryRetry(long nowMillis) {
    long bucket = Math.floorDiv(nowMillis, BUCKET_MILLIS);
    double limit = Math.max(settings.ratio() * requestsUntil((int) bucket), settings.perSecond());
    while (true) {
      Grants before = grants.get();
      Grants now = before.at(bucket);
      if (now.total() + 1 > limit) {
        return false;
      }
      if (grants.compareAndSet(before, now.plusOne())) {
        return true;
      }
    }
  }

  private static long increment(long seen, int bucket) {
    int age = countOf(seen) == 0 ? 1 : bucket - bucketOf(seen);
    if (age < 0) {
      // A thread that was held up for a second: its request is of a bucket that has gone.
      return seen;
    }
    return (long) bucket << 32 | (age == 0 ? countOf(seen) + 1 : 1);
  }

  private long requestsUntil(int bucket) {
    long sum = 0;
    for (int slot = 0; slot < BUCKETS; slot++) {
      long seen = requests.get(slot);
      int age = bucket - bucketOf(seen);
      sum += age < BUCKETS && age > -BUCKETS ? countOf(seen) : 0;
    }
    return sum;
  }

  private static int bucketOf(long seen) {
    return (int) (seen >> 32);
  }

  private static long countOf(long seen) {
    return seen & 0xFFFF_FFFFL;
  }

  /**
   * The retries of the buckets up to {@code last}.
   *
   * @param last the newest bucket's number
   * @param counts by bucket number modulo its length; never changed
   */
  private record Grants(long last, int[] counts) {
    /** The same, seen from a later bucket. (A clock read a little earlier changes nothing.) */
    Grants at(long bucket) {
      if (bucket <= last) {
        return this;
      }
      int[] kept = counts.clone();
      if (last < bucket - BUCKETS) {
        Arrays.fill(kept, 0);
      } else {
        for (long gone = last + 1; gone <= bucket; gone++) {
          kept[Math.floorMod(gone, BUCKETS)] = 0;
        }
      }
      return new Grants(bucket, kept);
    }

    int total() {
      return Arrays.stream(counts).sum();
    }

    Grants plusOne() {
      int[] more = counts.clone();
      more[Math.floorMod(last, BUCKETS)]++;
      return new Grants(last, more);
    }
  }
}
