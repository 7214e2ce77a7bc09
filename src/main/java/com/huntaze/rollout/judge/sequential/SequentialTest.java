package com.huntaze.rollout.judge.sequential;

import java.util.Arrays;

/**
 * Tests "at most a share p0 of the observations are hits" (errors, slow exchanges), at every moment
 * at once: a mixture of eight bets on larger shares, dense near the limit and reaching to 90 %.
 *
 * <p>Valid for any sequence in which each observation is a hit with a probability of at most p0
 * given all before it. Source: the statistics of the canary, 1 and 3 (a), (c).
 */
public final class SequentialTest {
  /** The shares that are bet on for a limit of 5 %; for others, the same parts of the way to 1. */
  private static final double[] AT_5_PERCENT = {0.06, 0.075, 0.10, 0.15, 0.25, 0.40, 0.60, 0.90};

  private final BernoulliBets bets;

  /**
   * @param limit p0, 0..1. Nothing exceeds 1: the evidence then stays at 0
   */
  public SequentialTest(double limit) {
    bets =
        new BernoulliBets(
            limit,
            Arrays.stream(AT_5_PERCENT)
                .map(share -> limit + (share - 0.05) / 0.95 * (1 - limit))
                .toArray());
  }

  /** Before anything was bet. */
  public Mixture start() {
    return Mixture.unbet(bets.count());
  }

  /**
   * Returns the win of each bet in one tick, nats.
   *
   * @param n the tick's observations
   * @param hits those over the limit
   */
  public double[] logFactors(long n, long hits) {
    return bets.logFactors(n, hits);
  }
}
