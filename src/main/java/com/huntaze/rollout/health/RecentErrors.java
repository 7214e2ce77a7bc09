package com.huntaze.rollout.health;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Foundry's failures of the last seconds, at most one observation per user key. An open breaker
 * lets no more observations come: these are the last there are.
 */
final class RecentErrors {
  private static final long LEAST_MILLIS = 2_000;

  private final long spanMillis;
  private final Deque<Tick> ticks = new ArrayDeque<>();

  /**
   * @param evaluateEvery how often a tick comes
   */
  RecentErrors(Duration evaluateEvery) {
    spanMillis = Math.max(LEAST_MILLIS, 2 * evaluateEvery.toMillis());
  }

  private record Tick(long atMillis, Counts counts) {}

  void add(long nowMillis, Counts more) {
    if (more.get(Metric.BREAKER.denominator()) > 0) {
      ticks.addLast(new Tick(nowMillis, more.only(Metric.BREAKER.counters())));
    }
    while (!ticks.isEmpty() && nowMillis - ticks.peekFirst().atMillis() >= spanMillis) {
      ticks.removeFirst();
    }
  }

  void clear() {
    ticks.clear();
  }

  Counts counts() {
    Counts sum = Counts.NONE;
    for (Tick tick : ticks) {
      sum = sum.plus(tick.counts());
    }
    return sum;
  }
}
