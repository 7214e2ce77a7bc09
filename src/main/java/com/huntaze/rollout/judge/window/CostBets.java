package com.huntaze.rollout.judge.window;

/**
 * The bets against "the mean cost is at most the limit": {@code log(1 + lambda * (min(cost, 20 *
 * limit) / limit - 1))} for each lambda. Cost has no two-counter form, so every source sums these
 * itself; the sums of all sources add up.
 *
 * <p>Capping a cost only lowers the factor, so the test stays valid, and one giant request cannot
 * decide alone. Source: the statistics of the canary, 3 (d).
 */
public final class CostBets {
  /** The number of bets. */
  public static final int COUNT = 6;

  /** The growth by an impossible cost, in nats: true is infinity, and less is as valid. */
  public static final double DECISIVE = 700;

  private static final double[] LAMBDA = {0.01, 0.02, 0.05, 0.1, 0.2, 0.4};
  private static final long CAP = 20;

  private CostBets() {}

  /**
   * Returns the growth of the logarithm of a bet's wealth by one exchange, in nats.
   *
   * @param bet 0..{@value #COUNT} - 1
   * @param costNano its cost, nano-USD, 0 or more
   * @param limitNano the largest healthy mean, nano-USD, 0 or more
   */
  public static double logFactor(int bet, long costNano, long limitNano) {
    double lambda = LAMBDA[bet];
    if (limitNano == 0) {
      // Under a limit of zero every cost is impossible: the true factor is infinite, and any
      // smaller one is as valid.
      return costNano > 0 ? DECISIVE : Math.log1p(-lambda);
    }
    double ratio = Math.min((double) costNano / limitNano, CAP);
    return Math.log1p(lambda * (ratio - 1));
  }
}
