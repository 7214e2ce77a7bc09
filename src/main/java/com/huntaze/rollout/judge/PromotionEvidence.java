package com.huntaze.rollout.judge;

import com.huntaze.rollout.judge.sequential.BernoulliBets;
import com.huntaze.rollout.judge.sequential.Mixture;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Evidence that a share of hits is <em>under</em> its limit, at every moment at once: the mirror of
 * {@code SequentialTest}, with bets on smaller shares. Source: the statistics of the canary, 4.
 */
final class PromotionEvidence {
  /** The probability of proving what is not so. */
  static final double ALPHA = 0.05;

  /** The logarithm that proves it, nats. */
  static final double THRESHOLD = Math.log(1 / ALPHA);

  private static final long MOST_MISSING = 1_000_000;

  private static final double[] AT_5_PERCENT = {.0005, .0025, .005, .01, .015, .02, .03, .04};

  private final boolean provable;
  private final BernoulliBets bets;

  /**
   * @param limit the share to stay under, 0..1. Nothing is under 0
   */
  PromotionEvidence(double limit) {
    provable = limit > 0;
    bets =
        new BernoulliBets(
            limit, Arrays.stream(AT_5_PERCENT).map(share -> share / 0.05 * limit).toArray());
  }

  /**
   * Returns the observations without a hit that are missing for the proof, 0 = none.
   *
   * @param n 0 or more
   * @param s 0..n
   * @return empty = more than a million
   */
  OptionalLong missing(long n, long s) {
    long most = 0;
    while (lnE(n + most, s) < THRESHOLD) {
      most = Math.max(1, 2 * most);
      if (most > MOST_MISSING) {
        return OptionalLong.empty();
      }
    }
    long least = most / 2;
    while (least < most) {
      long middle = (least + most) / 2;
      if (lnE(n + middle, s) < THRESHOLD) {
        least = middle + 1;
      } else {
        most = middle;
      }
    }
    return OptionalLong.of(most);
  }

  /**
   * The evidence of n observations with s hits, nats.
   *
   * @param n 0 or more
   * @param s 0..n
   */
  double lnE(long n, long s) {
    if (!provable) {
      return 0;
    }
    return Mixture.unbet(bets.count()).bet(Mixture.Mass.ALL, bets.logFactors(n, s)).lnE();
  }
}
