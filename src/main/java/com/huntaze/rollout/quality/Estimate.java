package com.huntaze.rollout.quality;

import com.huntaze.rollout.judge.sequential.Interval;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The estimate that a set of scores gives of the provider behind them.
 *
 * @param count how many scores there are
 * @param mean their mean, 0..1
 * @param variance the unbiased variance of a single score
 * @param interval where the true mean is, with 95 %
 * @param method how the interval was found
 */
public record Estimate(long count, double mean, double variance, Interval interval, Method method) {
  private static final double ALPHA = 0.05;

  /** The 0.975 quantile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  /** The method by which an interval was found. */
  public enum Method {
    /** There is no score, and so nothing is known. */
    NONE("none"),

    /**
     * The score interval (Wilson 1927, "Probable inference, the law of succession, and statistical
     * inference", J. Am. Stat. Assoc. 22). For scores that are all 0 or 1, and for those that do
     * not vary: no score within 0..1 varies more than those (Bhatia and Davis 2000), so that it is
     * on the safe side.
     */
    WILSON("wilson"),

    /** The mean with Student's t (Student 1908, "The probable error of a mean", Biometrika 6). */
    STUDENT("student-t");

    private final String label;

    Method(String label) {
      this.label = label;
    }

    /** The name on the wire. */
    public String label() {
      return label;
    }
  }

  static Estimate of(Scores scores) {
    double mean = scores.mean();
    double variance = scores.variance();
    if (scores.count() == 0) {
      return new Estimate(0, 0, 0, new Interval(0, 1), Method.NONE);
    }
    boolean varies = variance > 0 && !scores.binary();
    return varies
        ? new Estimate(
            scores.count(), mean, variance, student(scores.count(), mean, variance), Method.STUDENT)
        : new Estimate(scores.count(), mean, variance, wilson(scores.count(), mean), Method.WILSON);
  }

  private static Interval student(long n, double mean, double variance) {
    double half = studentQuantile(n - 1) * Math.sqrt(variance / n);
    return new Interval(Math.max(0, mean - half), Math.min(1, mean + half));
  }

  /**
   * The value that {@code |T|} exceeds with a probability of 5 %, T having Student's t
   * distribution.
   *
   * @param degrees degrees of freedom, at least 1
   */
  static double studentQuantile(double degrees) {
    return TDistribution.of(degrees).inverseSurvivalProbability(ALPHA / 2);
  }

  private static Interval wilson(long n, double share) {
    double square = Z * Z;
    double scale = 1 / (1 + square / n);
    double centre = (share + square / (2 * n)) * scale;
    double half = Z * scale * Math.sqrt(share * (1 - share) / n + square / (4.0 * n * n));
    return new Interval(
        share == 0 ? 0 : Math.max(0, centre - half), share == 1 ? 1 : Math.min(1, centre + half));
  }
}
