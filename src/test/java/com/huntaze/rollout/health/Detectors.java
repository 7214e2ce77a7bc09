package com.huntaze.rollout.health;

import java.util.function.BooleanSupplier;

/** The production detectors, fed request by request: one every 3.6 s. */
final class Detectors {
  static final int REQUESTS = 24_000;

  private static final double SECONDS = 3.6;
  private static final SequentialTest TEST = new SequentialTest(0.05);

  private Detectors() {}

  /** All mass at the beginning. */
  static int cumulative(BooleanSupplier errors, double alpha) {
    return sequential(errors, alpha, new ChangePointPrior(new double[] {1}, 0, 1, 0), REQUESTS);
  }

  /** Half of the mass at the beginning, half over 24 h. */
  static int startMixture(BooleanSupplier errors, double alpha) {
    return startMixture(errors, alpha, REQUESTS);
  }

  static int startMixture(BooleanSupplier errors, double alpha, int requests) {
    return sequential(
        errors, alpha, new ChangePointPrior(new double[] {0.5}, 0.5, 1_440, 0), requests);
  }

  private static int sequential(
      BooleanSupplier errors, double alpha, ChangePointPrior masses, int requests) {
    double threshold = Math.log(1 / alpha);
    Mixture wealth = TEST.start();
    long paid = -1;
    Mixture.Mass mass = masses.atStart(0);
    for (int i = 0; i < requests; i++) {
      long minute = (long) (SECONDS * i / 60);
      if (minute > paid) {
        mass = mass.plus(masses.steps(paid, minute));
        paid = minute;
      }
      wealth = wealth.bet(mass, TEST.logFactors(1, errors.getAsBoolean() ? 1 : 0));
      mass = Mixture.Mass.NONE;
      if (wealth.lnE() >= threshold) {
        return i + 1;
      }
    }
    return -1;
  }

  /** The plain rule over the last N requests: at this traffic no second holds two. */
  static int lastN(BooleanSupplier errors, int n) {
    PlainRule rule = new PlainRule(new Thresholds(500, 5_000, 500, 0, n));
    AdaptiveWindow window = new AdaptiveWindow(1, n);
    for (int i = 0; i < REQUESTS; i++) {
      long second = (long) (SECONDS * i);
      window.add(second, 1, errors.getAsBoolean() ? 1 : 0, 0);
      window.expire(second);
      WindowCounts counts =
          new WindowCounts(0, window.denominator(), window.numerator(), 0, 0, 0, 0, 0);
      if (rule.isEnough(counts.settled()) && rule.errorsExceed(counts)) {
        return i + 1;
      }
    }
    return -1;
  }

  /** The plain rule over the last 5 minutes, which hold 84 requests at most. */
  static int fiveMinutes(BooleanSupplier errors, int n) {
    PlainRule rule = new PlainRule(new Thresholds(500, 5_000, 500, 0, n));
    AdaptiveWindow window = new AdaptiveWindow(300, 1);
    for (int i = 0; i < REQUESTS; i++) {
      long second = (long) (SECONDS * i);
      window.add(second, 1, errors.getAsBoolean() ? 1 : 0, 0);
      window.expire(second);
      WindowCounts counts =
          new WindowCounts(0, window.denominator(), window.numerator(), 0, 0, 0, 0, 0);
      if (rule.isEnough(counts.settled()) && rule.errorsExceed(counts)) {
        return i + 1;
      }
    }
    return -1;
  }

  /** A stream with a constant error rate, in 0.1 %. */
  static BooleanSupplier errors(int scenario, int rep) {
    var random = Streams.of(scenario, rep);
    double p = scenario / 1_000.0;
    return () -> random.nextDouble() < p;
  }
}
