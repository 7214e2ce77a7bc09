package com.huntaze.rollout.health;

import java.util.List;
import java.util.function.ToLongFunction;

/** What the windows hold, from the whole history and without any cleverness. */
final class WindowModel {
  private WindowModel() {}

  /** What was counted in a second. */
  record Second(long second, Tally counted) {}

  static WindowCounts counts(List<Second> all, long now, int seconds, int least) {
    List<Tally> errors = shortest(all, now, seconds, least, Tally::settled);
    List<Tally> latency = shortest(all, now, seconds, least, Tally::observed);
    List<Tally> cost = shortest(all, now, seconds, least, Tally::costKnown);
    return new WindowCounts(
        sum(latency, Tally::observed),
        sum(errors, Tally::settled),
        sum(errors, Tally::errors),
        sum(latency, Tally::slow),
        sum(cost, Tally::costKnown),
        sum(cost, Tally::unpriced),
        sum(cost, Tally::costNano),
        sum(latency, Tally::neutral));
  }

  /** Tries every start second from now back, without any cleverness. */
  private static List<Tally> shortest(
      List<Second> all, long now, int seconds, int least, ToLongFunction<Tally> denominator) {
    List<Tally> run = List.of();
    long first = all.isEmpty() ? now : all.get(0).second();
    for (long start = now - seconds + 1; ; start--) {
      long from = start;
      run = all.stream().filter(each -> each.second() >= from).map(Second::counted).toList();
      if (sum(run, denominator) >= least || start <= first) {
        return run;
      }
    }
  }

  private static long sum(List<Tally> tallies, ToLongFunction<Tally> of) {
    return tallies.stream().mapToLong(of).reduce(0, Tally::saturated);
  }
}
