package com.huntaze.rollout.judge.sequential;

import java.util.function.DoublePredicate;
import org.apache.commons.numbers.gamma.LogBeta;

/**
 * A confidence interval for a share that holds at all times at once: all p whose likelihood is not
 * too far below that of the Beta(1/2, 1/2) mixture (Robbins 1970; the statistics of the canary, 4).
 */
public final class ConfidenceSequence {
  private static final int HALVINGS = 100;

  private final double limit;

  /**
   * @param alpha the probability that the share ever leaves its interval, more than 0
   */
  public ConfidenceSequence(double alpha) {
    limit = Math.log(1 / alpha);
  }

  /**
   * The interval after n observations with s hits. Of shares instead of hits it holds as well: the
   * likelihood of each is at most what it would be, on average, as a hit or none.
   *
   * @param n 0 or more
   * @param s 0..n
   */
  public Interval of(double n, double s) {
    if (n <= 0) {
      return new Interval(0, 1);
    }
    double mixture = LogBeta.value(s + 0.5, n - s + 0.5) - LogBeta.value(0.5, 0.5);
    DoublePredicate inside = p -> mixture - times(s, p) - times(n - s, 1 - p) < limit;
    double share = s / n;
    double low = s <= 0 ? 0 : boundary(share, 0, inside);
    double high = s >= n ? 1 : boundary(share, 1, inside);
    return new Interval(low, high);
  }

  /** Bisects between a point inside and one outside. */
  private static double boundary(double inside, double outside, DoublePredicate isInside) {
    double in = inside;
    double out = outside;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (in + out) / 2;
      if (isInside.test(middle)) {
        in = middle;
      } else {
        out = middle;
      }
    }
    return (in + out) / 2;
  }

  private static double times(double count, double share) {
    return count <= 0 ? 0 : count * Math.log(share);
  }
}
