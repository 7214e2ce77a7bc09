package com.huntaze.rollout.failover;

import java.util.List;
import java.util.stream.Stream;

/**
 * The last {@value #MANY} results of a closed breaker, from the first failure among them on. They
 * are compared by when their requests began: in an outage the good answers from before it still
 * come in, and after a blip those of its end are overtaken by the first good ones.
 *
 * @param last in the order in which they came
 */
public record RecentResults(List<Result> last) {
  /** The results that are looked at. */
  static final int MANY = 20;

  static final RecentResults NONE = new RecentResults(List.of());

  /**
   * The result of a request.
   *
   * @param fromMillis when it began, monotonic
   */
  public record Result(long fromMillis, boolean failed) {}

  RecentResults failed(long fromMillis) {
    return with(new Result(fromMillis, true));
  }

  RecentResults succeeded(long fromMillis) {
    return last.isEmpty() ? NONE : with(new Result(fromMillis, false));
  }

  private RecentResults with(Result result) {
    List<Result> kept =
        Stream.concat(last.stream(), Stream.of(result))
            .skip(Math.max(0, last.size() + 1 - MANY))
            .dropWhile(each -> !each.failed())
            .toList();
    return kept.isEmpty() ? NONE : new RecentResults(kept);
  }

  /**
   * Returns the failures that are no part of an outage that has begun with the last ones: between
   * them and those a request has begun and succeeded.
   *
   * @param row the last failures
   */
  int amongSuccesses(int row) {
    List<Result> before = last.subList(0, Math.max(0, last.size() - row));
    long rowFrom =
        last.subList(before.size(), last.size()).stream()
            .mapToLong(Result::fromMillis)
            .min()
            .orElse(Long.MIN_VALUE);
    long success =
        before.stream()
            .filter(each -> !each.failed() && each.fromMillis() < rowFrom)
            .mapToLong(Result::fromMillis)
            .max()
            .orElse(Long.MIN_VALUE);
    return (int)
        before.stream().filter(each -> each.failed() && each.fromMillis() < success).count();
  }
}
