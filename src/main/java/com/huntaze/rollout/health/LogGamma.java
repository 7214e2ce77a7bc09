package com.huntaze.rollout.health;

/**
 * The logarithms of the gamma and beta functions, to about 1e-13 of their size: Stirling's series
 * (Abramowitz and Stegun, Handbook of Mathematical Functions, 6.1.40) above 16, and below it the
 * recurrence that leads there (6.1.15).
 */
public final class LogGamma {
  private static final double HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);
  private static final double ASYMPTOTIC = 16;

  private LogGamma() {}

  /**
   * The logarithm of the gamma function.
   *
   * @param x more than 0
   */
  static double lnGamma(double x) {
    double product = 1;
    double z = x;
    while (z < ASYMPTOTIC) {
      product *= z;
      z++;
    }
    return stirling(z) - Math.log(product);
  }

  /**
   * The logarithm of the beta function. For large arguments the gammas' leading terms cancel, so
   * they are taken together instead of subtracting numbers of the size of n log n.
   *
   * @param a more than 0
   * @param b more than 0
   */
  public static double lnBeta(double a, double b) {
    if (a < ASYMPTOTIC || b < ASYMPTOTIC) {
      return smallAndLarge(Math.min(a, b), Math.max(a, b));
    }
    double sum = a + b;
    return (a - 0.5) * Math.log(a / sum)
        + (b - 0.5) * Math.log(b / sum)
        - 0.5 * Math.log(sum)
        + HALF_LOG_2_PI
        + correction(a)
        + correction(b)
        - correction(sum);
  }

  private static double smallAndLarge(double small, double large) {
    if (large < ASYMPTOTIC) {
      return lnGamma(small) + lnGamma(large) - lnGamma(small + large);
    }
    double sum = small + large;
    // lnGamma(large) - lnGamma(sum), with the terms of the size of large log large cancelled.
    double difference =
        (large - 0.5) * Math.log1p(-small / sum)
            - small * Math.log(sum)
            + small
            + correction(large)
            - correction(sum);
    return lnGamma(small) + difference;
  }

  private static double stirling(double x) {
    return (x - 0.5) * Math.log(x) - x + HALF_LOG_2_PI + correction(x);
  }

  private static double correction(double x) {
    double square = x * x;
    return (1.0 / 12
            - (1.0 / 360 - (1.0 / 1_260 - (1.0 / 1_680 - 1.0 / 1_188 / square) / square) / square)
                / square)
        / x;
  }
}
