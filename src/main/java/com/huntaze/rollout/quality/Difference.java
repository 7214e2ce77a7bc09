package com.huntaze.rollout.quality;

import com.huntaze.rollout.judge.sequential.Interval;

/**
 * Foundry's mean score minus legacy's.
 *
 * @param mean -1..1, 0 while one of them has no scores
 * @param interval where the true difference is, with 95 %
 * @param method how the interval was found: {@code none}, {@code welch} or {@code newcombe}
 */
public record Difference(double mean, Interval interval, String method) {
  /**
   * Compares two sets of scores. If both vary by more than yes and no, by the unequal-variances t
   * interval (Welch 1947, "The generalization of 'Student's' problem when several different
   * population variances are involved", Biometrika 34). Else from the intervals of both (Newcombe
   * 1998, "Interval estimation for the difference between independent proportions", Stat. Med. 17,
   * method 10), which needs no variance.
   */
  static Difference of(Estimate foundry, Estimate legacy) {
    if (foundry.count() == 0 || legacy.count() == 0) {
      return new Difference(0, new Interval(-1, 1), "none");
    }
    boolean both =
        foundry.method() == Estimate.Method.STUDENT && legacy.method() == Estimate.Method.STUDENT;
    return both ? welch(foundry, legacy) : newcombe(foundry, legacy);
  }

  private static Difference welch(Estimate foundry, Estimate legacy) {
    double mean = foundry.mean() - legacy.mean();
    double a = foundry.variance() / foundry.count();
    double b = legacy.variance() / legacy.count();
    // Satterthwaite's degrees of freedom.
    double degrees =
        (a + b) * (a + b) / (a * a / (foundry.count() - 1) + b * b / (legacy.count() - 1));
    double half = Estimate.studentQuantile(degrees) * Math.sqrt(a + b);
    return new Difference(mean, within(mean - half, mean + half), "welch");
  }

  private static Difference newcombe(Estimate foundry, Estimate legacy) {
    double mean = foundry.mean() - legacy.mean();
    double below =
        Math.hypot(
            foundry.mean() - foundry.interval().low(), legacy.interval().high() - legacy.mean());
    double above =
        Math.hypot(
            foundry.interval().high() - foundry.mean(), legacy.mean() - legacy.interval().low());
    return new Difference(mean, within(mean - below, mean + above), "newcombe");
  }

  private static Interval within(double low, double high) {
    return new Interval(Math.max(-1, low), Math.min(1, high));
  }
}
