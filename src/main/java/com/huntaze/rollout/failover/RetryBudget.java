package com.huntaze.rollout.failover;

import com.huntaze.rollout.quota.Part;
import com.huntaze.rollout.quota.SharedLimit;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * The one budget of retries of the whole process: over a sliding second, at most the larger of a
 * share of the requests and a fixed number (promise P4).
 *
 * <p>Of the fixed number other replicas may have a part; the share of the requests needs no
 * division. The second slides in steps of 50 ms. Thread-safe without locks.
 */
public final class RetryBudget implements SharedLimit {
  private static final int BUCKETS = 20;
  private static final int BUCKET_MILLIS = 1_000 / BUCKETS;

  private final RetryBudgetSettings settings;
  private final LongAdder asked = new LongAdder();

  /** The part of the fixed number that is this process's. */
  private volatile Part part;

  /** Per bucket, the low half of its number (it wraps in years) above the count of requests. */
  private final AtomicLongArray requests = new AtomicLongArray(BUCKETS);

  /** Retries are few: one immutable ring, replaced as a whole, so that none is granted twice. */
  private final AtomicReference<Grants> grants =
      new AtomicReference<>(new Grants(Long.MIN_VALUE, new int[BUCKETS]));

  /** An empty budget: no request has been seen yet. */
  public RetryBudget(RetryBudgetSettings settings) {
    this.settings = settings;
    this.part = new Part(1, settings.perSecond());
  }

  /** Another budget, of the same replicas. */
  public RetryBudget with(RetryBudgetSettings other) {
    RetryBudget budget = new RetryBudget(other);
    if (settings.perSecond() > 0) {
      Part now = part;
      budget.part = new Part(now.share(), other.perSecond() * now.atOnce() / settings.perSecond());
    }
    return budget;
  }

  /** A request of a client has come in; its retries and failover are not counted here. */
  public void request(long nowMillis) {
    asked.increment();
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
    double limit = Math.max(settings.ratio() * requestsUntil((int) bucket), part.atOnce());
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

  @Override
  public String name() {
    return "retries";
  }

  @Override
  public String label() {
    return name();
  }

  @Override
  public double share() {
    return part.share();
  }

  @Override
  public long perSecond() {
    return settings.perSecond();
  }

  @Override
  public long atOnce() {
    return settings.perSecond();
  }

  @Override
  public Rule rule() {
    return Rule.BY_TRAFFIC;
  }

  @Override
  public long asked() {
    return asked.sum();
  }

  @Override
  public void part(Part now) {
    part = now;
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
