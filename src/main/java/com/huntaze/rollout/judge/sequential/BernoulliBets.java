package com.huntaze.rollout.judge.sequential;

/**
 * Bets on the share of hits: each bet k is the likelihood ratio of a share {@code p_k} against
 * {@code p0}, so only the two counts n and s matter.
 *
 * <p>Where the null makes an event impossible (a hit at p0 = 0, a miss at p0 = 1), its ratio is
 * infinite; {@link Mixture#DECISIVE} is less and therefore as valid.
 */
public final class BernoulliBets {
  private final double[] hit;
  private final double[] miss;

  /**
   * @param p0 the share of the null, 0..1
   * @param alternatives the shares that are bet on, each strictly between 0 and 1, or p0 itself
   */
  public BernoulliBets(double p0, double[] alternatives) {
    hit = new double[alternatives.length];
    miss = new double[alternatives.length];
    for (int k = 0; k < alternatives.length; k++) {
      hit[k] = logRatio(alternatives[k], p0);
      miss[k] = logRatio(1 - alternatives[k], 1 - p0);
    }
  }

  public int count() {
    return hit.length;
  }

  /**
   * Returns the factors of each bet's wealth, as logarithms.
   *
   * @param n observations, 0 or more
   * @param s hits among them, 0..n
   */
  public double[] logFactors(long n, long s) {
    double[] factors = new double[hit.length];
    for (int k = 0; k < factors.length; k++) {
      factors[k] = s * hit[k] + (n - s) * miss[k];
    }
    return factors;
  }

  private static double logRatio(double alternative, double p0) {
    if (alternative == p0) {
      return 0;
    }
    return p0 <= 0 ? Mixture.DECISIVE : Math.log(alternative / p0);
  }
}
