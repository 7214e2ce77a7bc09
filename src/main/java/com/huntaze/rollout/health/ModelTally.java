package com.huntaze.rollout.health;

/**
 * Sums of one model's exchanges.
 *
 * @param requests settled exchanges
 * @param errors of those, the failed ones
 * @param timed exchanges whose latency is known
 * @param latencyMillis the sum of their latencies
 * @param costKnown exchanges whose cost is known
 * @param costNano the sum of their costs, nano-USD; stops at the largest long
 */
record ModelTally(
    long requests, long errors, long timed, long latencyMillis, long costKnown, long costNano) {
  static final ModelTally NONE = new ModelTally(0, 0, 0, 0, 0, 0);

  ModelTally plus(ModelTally other) {
    return new ModelTally(
        requests + other.requests,
        errors + other.errors,
        timed + other.timed,
        latencyMillis + other.latencyMillis,
        costKnown + other.costKnown,
        Tally.saturated(costNano, other.costNano));
  }

  /** The seed's figures. */
  ModelMetrics metrics(String model) {
    return new ModelMetrics(
        model,
        requests,
        Rate.of(latencyMillis, timed),
        Rate.of(costNano, costKnown) / Thresholds.NANO,
        costKnown > 0,
        Rate.of(errors, requests));
  }
}
