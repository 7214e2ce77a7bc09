package com.huntaze.rollout.health;

/**
 * The counts of one provider that a verdict of the plain rule looks at. Each metric has the window
 * of its own denominator (see {@link SlidingWindow}); mostly they are the same.
 *
 * @param observed the latency's denominator
 * @param settled the error rate's denominator
 * @param errors of the settled ones
 * @param slow of the observed ones
 * @param costKnown the cost's denominator
 * @param unpriced successes without a known cost, beside the known ones
 * @param costNano the sum of the known costs, nano-USD
 * @param neutral exchanges in none of the denominators, in the latency's window
 */
public record WindowCounts(
    long observed,
    long settled,
    long errors,
    long slow,
    long costKnown,
    long unpriced,
    long costNano,
    long neutral) {

  /** An empty window. */
  public static final WindowCounts NONE = new WindowCounts(0, 0, 0, 0, 0, 0, 0, 0);

  /** Errors per settled exchange, 0..1; without data 0. */
  public double errorRate() {
    return Rate.of(errors, settled);
  }

  /** Slow ones per observed exchange, 0..1; without data 0. */
  public double slowRate() {
    return Rate.of(slow, observed);
  }

  /** The mean of the known costs, nano-USD; without data 0. */
  public double meanCostNano() {
    return Rate.of(costNano, costKnown);
  }
}
