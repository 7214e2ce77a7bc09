package com.huntaze.rollout.judge.window;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The contents of the windows, from the whole history and without any cleverness. */
final class WindowModel {
  private WindowModel() {}

  /** The counts of a second. */
  record Second(long second, Counts counted) {}

  /** The windows of the plain rule. */
  static WindowCounts counts(List<Second> all, long now, int seconds, int least) {
    Map<Metric, Counts> windows = new EnumMap<>(Metric.class);
    Metric.windowed()
        .forEach(
            metric -> {
              Counts sum =
                  shortest(all, now, seconds, least, counts -> counts.get(metric.denominator()))
                      .stream()
                      .reduce(Counts.NONE, Counts::plus);
              windows.put(metric, sum.only(metric.counters()));
            });
    return WindowCounts.of(windows);
  }

  /** Tries every start second from now back, without any cleverness. */
  private static List<Counts> shortest(
      List<Second> all, long now, int seconds, int least, ToLongFunction<Counts> denominator) {
    List<Counts> run = List.of();
    long first = all.isEmpty() ? now : all.get(0).second();
    for (long start = now - seconds + 1; ; start--) {
      long from = start;
      run = all.stream().filter(each -> each.second() >= from).map(Second::counted).toList();
      if (sum(run, denominator) >= least || start <= first) {
        return run;
      }
    }
  }

  private static long sum(List<Counts> tallies, ToLongFunction<Counts> of) {
    return tallies.stream().mapToLong(of).reduce(0, Counts::saturated);
  }
}
