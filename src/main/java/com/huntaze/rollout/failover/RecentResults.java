package com.huntaze.rollout.failover;

import java.util.List;
import java.util.stream.Stream;

/**
 * The failures among the last {@value #MANY} results of a closed breaker, in the order in which
 * their requests began. One after which a request has begun and succeeded is no part of an outage
 * that has just begun; the order in which answers come says nothing of that, for in an outage the
 * good ones from before it still come in.
 *
 * @param results the results so far, since there was a failure
 * @param successFromMillis when the latest request began that has succeeded, monotonic
 * @param failures those among the last results
 */
public record RecentResults(long results, long successFromMillis, List<Failure> failures) {
  /** The results that are looked at. */
  static final int MANY = 20;

  static final RecentResults NONE = new RecentResults(0, Long.MIN_VALUE, List.of());

  /**
   * A failure.
   *
   * @param result its place among the results
   * @param fromMillis when its request began, monotonic
   */
  public record Failure(long result, long fromMillis) {}

  RecentResults failed(long fromMillis) {
    Failure last = new Failure(results + 1, fromMillis);
    return with(successFromMillis, Stream.concat(failures.stream(), Stream.of(last)));
  }

  RecentResults succeeded(long fromMillis) {
    return failures.isEmpty()
        ? NONE
        : with(Math.max(successFromMillis, fromMillis), failures.stream());
  }

  private RecentResults with(long success, Stream<Failure> all) {
    long now = results + 1;
    List<Failure> kept = all.filter(each -> now - each.result() < MANY).toList();
    return kept.isEmpty() ? NONE : new RecentResults(now, success, kept);
  }

  /** Returns the failures after which a request has begun and succeeded, 0 to {@value #MANY}. */
  int amongSuccesses() {
    return (int) failures.stream().filter(each -> each.fromMillis() < successFromMillis).count();
  }
}
