package com.huntaze.rollout.health;

import java.util.List;

/**
 * Tests "the mean cost is at most the limit" at every moment at once, by the bets that the sources
 * have summed; see {@link CostBets}.
 */
final class CostTest {

  /** Before anything was bet. */
  Mixture start() {
    return Mixture.unbet(CostBets.COUNT);
  }

  /**
   * What each bet wins in one tick, nats.
   *
   * @param sums the tick's sums for each bet, nats
   */
  double[] logFactors(List<Double> sums) {
    return sums.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
