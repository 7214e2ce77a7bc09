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
   * The wealth after one tick.
   *
   * @param logFactors the tick's sums for each bet, nats
   */
  Mixture next(Mixture before, Mixture.Mass mass, List<Double> logFactors) {
    return before.bet(mass, logFactors.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
