package com.huntaze.rollout.judge.sequential;

/**
 * A confidence interval for a mean of figures that are not shares, wide enough to be looked at
 * again and again: the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and
 * Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences" (Annals of
 * Statistics 2024), theorem 2.2. It leans on the normal approximation, and is widened for few
 * figures by the variance of Student's t.
 */
public final class MeanSequence {
  /** So many figures make it narrowest beside an interval of a single look. */
  private static final double TUNED_TO = 100;

  private final double alpha;
  private final double rho2;

  /**
   * @param alpha the probability that the mean ever leaves its interval, more than 0 and less than
   *     1
   */
  public MeanSequence(double alpha) {
    this.alpha = alpha;
    double spent = -2 * Math.log(alpha);
    rho2 = (spent + Math.log(spent + 1)) / TUNED_TO;
  }

  /**
   * Returns how far the true mean may be from that of the figures, to either side.
   *
   * @param n how many figures there are
   * @param variance of the figures, 0 or more
   * @return infinite for fewer than four
   */
  public double halfWidth(long n, double variance) {
    if (n < 4) {
      return Double.POSITIVE_INFINITY;
    }
    double spread = n * rho2 + 1;
    double normal = Math.sqrt(2 * spread / (rho2 * n * n) * Math.log(Math.sqrt(spread) / alpha));
    double ofFew = (n - 1.0) / (n - 3.0);
    return Math.sqrt(variance * ofFew) * normal;
  }
}
