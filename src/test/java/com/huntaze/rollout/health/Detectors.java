package com.huntaze.rollout.health;

import com.huntaze.rollout.health.Metric.Counter;
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
    return plain(errors, n, new AdaptiveWindow(1, n, Metric.ERROR_RATE));
  }

  /** The plain rule over the last 5 minutes, which hold 84 requests at most. */
  static int fiveMinutes(BooleanSupplier errors, int n) {
    return plain(errors, n, new AdaptiveWindow(300, 1, Metric.ERROR_RATE));
  }

  private static int plain(BooleanSupplier errors, int n, AdaptiveWindow window) {
    PlainRule rule = new PlainRule(Health.settings(n, Action.ROLLBACK));
    for (int i = 0; i < REQUESTS; i++) {
      long second = (long) (SECONDS * i);
      window.add(second, Health.counts(Metric.ERROR_RATE, 1, errors.getAsBoolean() ? 1 : 0));
      window.expire(second);
      Counts counts = window.counts();
      if (rule.isEnough(counts.get(Counter.SETTLED)) && rule.exceeds(Metric.ERROR_RATE, counts)) {
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
