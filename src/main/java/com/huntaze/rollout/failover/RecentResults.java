package com.huntaze.rollout.failover;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
   * Returns who had failed before an outage that may have begun with the last failures.
   *
   * @param row the last failures
   */
  EarlierFailures before(int row) {
    int rowAt = Math.max(0, last.size() - row);
    long rowFrom = Long.MAX_VALUE;
    Set<Long> opening = new HashSet<>();
    for (Result each : last.subList(rowAt, last.size())) {
      rowFrom = Math.min(rowFrom, each.fromMillis());
      opening.add(each.user());
    }
    long success = Long.MIN_VALUE;
    for (Result each : last.subList(0, rowAt)) {
      boolean between = !each.failed() && each.fromMillis() < rowFrom;
      success = between ? Math.max(success, each.fromMillis()) : success;
    }
    Map<Long, Integer> times = new LinkedHashMap<>();
    int proven = 0;
    for (Result each : last.subList(0, rowAt)) {
      if (each.failed()) {
        times.merge(each.user(), 1, Integer::sum);
      }
    }
    for (Result each : last.subList(0, rowAt)) {
      boolean once = each.failed() && times.get(each.user()) == 1;
      boolean apart = each.fromMillis() < success && !opening.contains(each.user());
      proven += once && apart ? 1 : 0;
    }
    return new EarlierFailures(proven, users(times));
  }

  private static FailedUsers users(Map<Long, Integer> times) {
    FailedUsers users = FailedUsers.NONE;
    List<Map.Entry<Long, Integer>> most = new ArrayList<>(times.entrySet());
    most.sort(Map.Entry.<Long, Integer>comparingByValue().reversed());
    for (Map.Entry<Long, Integer> each : most) {
      users = users.with(each.getKey());
    }
    return users;
  }
}
