package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.judge.sequential.ChangePointPrior;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.sequential.Mixture;
import com.huntaze.rollout.judge.sequential.SequentialState;
import com.huntaze.rollout.judge.sequential.SequentialTest;
import com.huntaze.rollout.judge.sequential.SequentialTests;
import com.huntaze.rollout.judge.sequential.Streams;
import com.huntaze.rollout.judge.window.AdaptiveWindow;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.KeySketch;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.MetricsCollector;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.provider.Provider;
import java.util.function.BooleanSupplier;

/** The product's detectors by the default settings, fed request by request: one every 3.6 s. */
public final class Detectors {
  public static final int REQUESTS = 24_000;

  private static final double SECONDS = 3.6;
  private static final SequentialTest TEST = new SequentialTest(0.05);

  private Detectors() {}

  /** The threshold of a metric's test by the default settings, nats. */
  public static double threshold(Metric metric) {
    return Math.log(1 / (Health.DEFAULTS.sequential().alpha() * metric.alphaPart()));
  }

  /** The masses of a rollout by the default settings. */
  public static ChangePointPrior masses() {
    return ChangePointPrior.of(
        Health.PLAN.stages(), Health.PLAN.planned(), Health.DEFAULTS.sequential().alpha());
  }

  /**
   * The sequential test of the error rate by the default settings, without the maps of a tick. That
   * it decides as {@link SequentialTests} does {@code DetectorsTest} shows.
   */
  static int sequential(BooleanSupplier errors, int requests) {
    ChangePointPrior masses = masses();
    double threshold = threshold(Metric.ERROR_RATE);
    int floor = Health.DEFAULTS.sequential().floor().requests();
    Mixture wealth = TEST.start();
    long paid = -1;
    Mixture.Mass mass = masses.atStart(0);
    for (int i = 0; i < requests; i++) {
      long step = (long) (SECONDS * i);
      wealth =
          wealth.bet(
              mass.plus(masses.steps(paid, step)),
              TEST.logFactors(1, errors.getAsBoolean() ? 1 : 0));
      paid = step;
      mass = Mixture.Mass.NONE;
      if (i + 1 >= floor && wealth.lnE() >= threshold) {
        return i + 1;
      }
    }
    return -1;
  }

  /** The same by the product's own class, tick by tick. */
  static int product(BooleanSupplier errors, int requests) {
    SequentialTests tests = new SequentialTests(Health.DEFAULTS, Health.PLAN);
    SequentialState state = tests.start();
    for (int i = 0; i < requests; i++) {
      long hit = errors.getAsBoolean() ? 1 : 0;
      Counts sampled =
          Health.counts(Metric.ERROR_RATE, 1, hit)
              .with(Counter.SEEN, 1)
              .with(Counter.SEEN_ERRORS, hit)
              .with(Counter.OBSERVED, 1)
              .with(Counter.KEYLESS, 1);
      MetricsCollector.Tick tick = new MetricsCollector.Tick(false);
      tick.add(Provider.FOUNDRY, StageTotals.of(Counts.NONE, sampled), KeySketch.EMPTY);
      state = tests.next(state, i + 1, 0, (long) (1_000 * SECONDS * i), 3_600, tick);
      EvidenceStatus status = tests.figures(state, false).of(Metric.ERROR_RATE).status();
      if (status == EvidenceStatus.EXCEEDED) {
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
