package com.huntaze.rollout.failover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
   * @param user hash of the user whose request it was
   */
  public record Result(long fromMillis, long user, boolean failed) {}

  RecentResults failed(Permit permit) {
    return with(new Result(permit.fromMillis(), permit.user(), true));
  }

  RecentResults succeeded(Permit permit) {
    return last.isEmpty() ? NONE : with(new Result(permit.fromMillis(), permit.user(), false));
  }

  private RecentResults with(Result result) {
    int first = Math.max(0, last.size() + 1 - MANY);
    while (first < last.size() && !last.get(first).failed()) {
      first++;
    }
    if (first == last.size() && !result.failed()) {
      return NONE;
    }
    List<Result> kept = new ArrayList<>(last.size() - first + 1);
    kept.addAll(last.subList(first, last.size()));
    kept.add(result);
    return new RecentResults(kept);
  }

  /**
   * Returns the users who have failed before an outage that may have begun with the last failures:
   * between their failure and those a request has begun and succeeded. Nobody who has failed twice
   * is counted, nor who is among the last ones: one user may fail whatever the provider does.
   *
   * @param row the last failures
   */
  int usersBefore(int row) {
    int rowAt = Math.max(0, last.size() - row);
    long rowFrom = Long.MAX_VALUE;
    Set<Long> others = new HashSet<>();
    for (Result each : last.subList(rowAt, last.size())) {
      rowFrom = Math.min(rowFrom, each.fromMillis());
      others.add(each.user());
    }
    long success = Long.MIN_VALUE;
    for (Result each : last.subList(0, rowAt)) {
      boolean between = !each.failed() && each.fromMillis() < rowFrom;
      success = between ? Math.max(success, each.fromMillis()) : success;
    }
    Map<Long, Integer> failures = new HashMap<>();
    for (Result each : last.subList(0, rowAt)) {
      if (each.failed() && each.fromMillis() < success && !others.contains(each.user())) {
        failures.merge(each.user(), 1, Integer::sum);
      }
    }
    return (int) failures.values().stream().filter(times -> times == 1).count();
  }
}
