package com.huntaze.rollout.quality;

import com.huntaze.rollout.health.LogGamma;

/**
 * The two-sided quantile of Student's t distribution, for any number of degrees of freedom: of
 * {@code P(|T| > t) = I(ν / (ν + t²); ν/2, 1/2)} (Abramowitz and Stegun, Handbook of Mathematical
 * Functions, 26.7.1 with 26.5.2), by bisection.
 */
final class StudentT {
  private static final int HALVINGS = 80;
  private static final int TERMS = 500;
  private static final double TINY = 1e-300;
  private static final double CLOSE = 1e-15;

  private StudentT() {}

  /**
   * Returns the bound that {@code |T|} is over with a given probability.
   *
   * @param degrees degrees of freedom, at least 1
   * @param alpha 0.001..0.999
   */
  static double twoSided(double degrees, double alpha) {
    double low = 0;
    // With one degree of freedom, where the tail is longest: P(|T| > 1000) < 0.001.
    double high = 1_000;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (tails(degrees, middle) > alpha) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  private static double tails(double degrees, double t) {
    return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  }

  /** The regularised incomplete beta function; by symmetry where its fraction converges slowly. */
  private static double incompleteBeta(double x, double a, double b) {
    if (x <= 0 || x >= 1) {
      return x <= 0 ? 0 : 1;
    }
    double front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - LogGamma.lnBeta(a, b));
    return x < (a + 1) / (a + b + 2)
        ? front * fraction(x, a, b) / a
        : 1 - front * fraction(1 - x, b, a) / b;
  }

  /** The continued fraction of DLMF 8.17.22, evaluated by Lentz's method. */
  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = inverse(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m < TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = inverse(1 + even * d);
      c = apart(1 + even / c);
      value *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = inverse(1 + odd * d);
      c = apart(1 + odd / c);
      double step = d * c;
      value *= step;
      if (Math.abs(step - 1) < CLOSE) {
        break;
      }
    }
    return value;
  }

  private static double inverse(double value) {
    return 1 / apart(value);
  }

  private static double apart(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }
}
