package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Counts of one metric in the last W seconds, or in the shortest run of the newest 1 s buckets
 * whose denominator holds N, if the last W seconds hold fewer. Adding and looking take constant
 * time.
 *
 * <p>Memory: only seconds with counts have a bucket. Those younger than W are exact, and so are the
 * newest {@value #EXACT} of the older ones. Once there are twice as many older ones, the older half
 * of them is coalesced in pairs; a window that reaches back that far (N in the tens of thousands at
 * low traffic) begins at the nearest kept boundary and may hold more than the shortest run would.
 */
public final class AdaptiveWindow {
  static final int EXACT = 8_192;

  /** The buckets that a checkpoint keeps as they are, and those that the older ones become. */
  static final int FINE = 128;

  private static final long LOW = 0xFFFF_FFFFL;

  private final long seconds;
  private final long least;
  private final Metric metric;

  /** The oldest first; all of them are in the window. */
  private Deque<Bucket> buckets = new ArrayDeque<>();

  private long denominator;
  private long beside;

  /**
   * The numerator's sum in two halves: a sum of costs may exceed a long, and later shrink again.
   */
  private long high;

  private long low;

  /**
   * @param seconds W, at least 1
   * @param least N, at least 1
   * @param metric what is counted
   */
  public AdaptiveWindow(long seconds, long least, Metric metric) {
    this.seconds = seconds;
    this.least = least;
    this.metric = metric;
  }

  void clear() {
    buckets.clear();
    denominator = 0;
    beside = 0;
    high = 0;
    low = 0;
  }

  /** Tells whether it is of the sampled exchanges, and not of all. */
  boolean isOfSampled() {
    return metric.windowLeast() > 0;
  }

  /**
   * Adds what has been counted in a second.
   *
   * @param second not before the newest one
   */
  public void add(long second, Counts counted) {
    Counter shown = metric.beside();
    add(
        second,
        counted.get(metric.denominator()),
        counted.get(metric.numerator()),
        shown == null ? 0 : counted.get(shown));
  }

  private void add(long second, long n, long x, long y) {
    if (n == 0 && x == 0 && y == 0) {
      return;
    }
    Bucket more = new Bucket(second, n, x, y);
    Bucket newest = buckets.peekLast();
    if (newest != null && newest.second >= second) {
      more = newest.with(more);
      buckets.removeLast();
    }
    buckets.addLast(more);
    count(n, x, y, 1);
  }

  /** Returns the second in which it begins, or {@code now} if it is empty. */
  long begins(long now) {
    return buckets.isEmpty() ? now : Math.min(now, buckets.peekFirst().second);
  }

  /** Forgets what no window from {@code now} on needs. */
  public void expire(long now) {
    while (!buckets.isEmpty()
        && now - buckets.peekFirst().second >= seconds
        && denominator - buckets.peekFirst().n >= least) {
      Bucket gone = buckets.removeFirst();
      count(gone.n, gone.x, gone.y, -1);
    }
    if (buckets.size() > seconds + 2 * EXACT) {
      coalesce(now);
    }
  }

  /** The counts of the window, after {@link #expire}. */
  public Counts counts() {
    Counts counts =
        Counts.of(metric.denominator(), denominator).with(metric.numerator(), numerator());
    return metric.beside() == null ? counts : counts.with(metric.beside(), beside);
  }

  /** The numerator, or the largest long when it does not fit. */
  private long numerator() {
    long upper = high + (low >>> 32);
    return upper > Integer.MAX_VALUE ? Long.MAX_VALUE : upper << 32 | low & LOW;
  }

  /**
   * Returns what it holds for a checkpoint, the newest first: for each bucket its age in seconds,
   * the denominator, the numerator and the counter beside it. The newest {@value #FINE} buckets are
   * exact, the older ones are joined until there are at most as many.
   *
   * @param now the second
   */
  List<Long> kept(long now) {
    List<Long> kept = new ArrayList<>();
    int older = Math.max(0, buckets.size() - FINE);
    int joined = Math.max(1, (older + FINE - 1) / FINE);
    Bucket open = null;
    int count = 0;
    Iterator<Bucket> newestFirst = buckets.descendingIterator();
    for (int i = 0; newestFirst.hasNext(); i++) {
      Bucket next = newestFirst.next();
      open = open == null ? next : open.with(next);
      count++;
      if (i < FINE || count == joined || !newestFirst.hasNext()) {
        kept.addAll(List.of(now - open.second, open.n, open.x, open.y));
        open = null;
        count = 0;
      }
    }
    return kept;
  }

  /**
   * Holds what another one has kept.
   *
   * @throws IllegalArgumentException when that is damaged
   */
  void restore(List<Long> kept, long now) {
    clear();
    if (kept.size() % 4 != 0 || kept.stream().anyMatch(each -> each == null || each < 0)) {
      throw new IllegalArgumentException(
          "windows: %s (expected: four numbers of 0 or more for each bucket)".formatted(kept));
    }
    for (int i = kept.size() - 4; i >= 0; i -= 4) {
      add(now - kept.get(i), kept.get(i + 1), kept.get(i + 2), kept.get(i + 3));
    }
  }

  /** Returns whether another one has kept at least as much as this one holds. */
  boolean isLessThan(List<Long> kept) {
    long sum = 0;
    for (int i = 1; i < kept.size() && kept.get(i) != null; i += 4) {
      sum += kept.get(i);
    }
    return buckets.isEmpty() || sum >= denominator;
  }

  /** Returns the number of buckets that are kept. */
  int size() {
    return buckets.size();
  }

  private void count(long n, long x, long y, int sign) {
    denominator += sign * n;
    beside += sign * y;
    high += sign * (x >>> 32);
    low += sign * (x & LOW);
  }

  private void coalesce(long now) {
    Deque<Bucket> fewer = new ArrayDeque<>();
    long older = buckets.stream().filter(bucket -> now - bucket.second >= seconds).count();
    for (long pair = 0; pair < older / 4; pair++) {
      Bucket earlier = buckets.removeFirst();
      fewer.addLast(buckets.removeFirst().with(earlier));
    }
    fewer.addAll(buckets);
    buckets = fewer;
  }

  /**
   * @param second the newest second that it holds
   */
  private record Bucket(long second, long n, long x, long y) {
    Bucket with(Bucket other) {
      return new Bucket(
          Math.max(second, other.second), n + other.n, Counts.saturated(x, other.x), y + other.y);
    }
  }
}
