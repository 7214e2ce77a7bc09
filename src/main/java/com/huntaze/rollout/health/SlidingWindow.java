package com.huntaze.rollout.health;

/**
 * One provider's counts that the plain rule looks at: for each metric a {@link AdaptiveWindow} of
 * its own denominator, the settled exchanges for errors, the observed ones for latency, those of
 * known cost for cost.
 *
 * <p>With one window for all three, a few exchanges that never settle, or whose cost is unknown,
 * would keep those metrics just below N for good wherever traffic is low, and the plain rule would
 * never judge them. Where the last W seconds hold N of each, the three are the same.
 */
final class SlidingWindow {
  private final AdaptiveWindow latency;
  private final AdaptiveWindow errors;
  private final AdaptiveWindow cost;

  /**
   * @param seconds W, at least 1
   * @param least N, at least 1
   */
  SlidingWindow(long seconds, long least) {
    latency = new AdaptiveWindow(seconds, least);
    errors = new AdaptiveWindow(seconds, least);
    cost = new AdaptiveWindow(seconds, least);
  }

  void clear() {
    latency.clear();
    errors.clear();
    cost.clear();
  }

  /**
   * Adds what has been counted in a second.
   *
   * @param second not before the newest one
   */
  void add(long second, Tally counted) {
    latency.add(second, counted.observed(), counted.slow(), counted.neutral());
    errors.add(second, counted.settled(), counted.errors(), 0);
    cost.add(second, counted.costKnown(), counted.costNano(), counted.unpriced());
  }

  /** The windows that end with {@code now}, not before the newest second. */
  WindowCounts counts(long now) {
    latency.expire(now);
    errors.expire(now);
    cost.expire(now);
    return new WindowCounts(
        latency.denominator(),
        errors.denominator(),
        errors.numerator(),
        latency.numerator(),
        cost.denominator(),
        cost.beside(),
        cost.numerator(),
        latency.beside());
  }

  /** How many buckets are kept. */
  int size() {
    return latency.size() + errors.size() + cost.size();
  }
}
