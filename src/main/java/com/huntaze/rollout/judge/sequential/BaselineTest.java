package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import java.util.Arrays;

/**
 * Tests "the canary's error rate is at most ratio * baseline's + margin" at every moment at once,
 * batch by batch: within a batch the two rates may be anything, so an outage that both share is no
 * evidence. With mean error probabilities p_c and p_b in a batch, a bet's factor is at most {@code
 * exp(u * n_c * (p_c - ratio * p_b - margin))} in the mean, at most 1 under the null.
 *
 * <p>Source: the statistics of the canary, 3 (b).
 */
final class BaselineTest {
  /** The multiples of the allowed ratio that are bet on. */
  private static final double[] RATIOS = {1.25, 1.5, 2, 3, 5, 10, 30};

  private static final double LARGEST_STAKE = 0.95;

  private final double ratio;
  private final double margin;

  /**
   * @param ratio how many times the baseline's rate is allowed, at least 1
   * @param margin how far above that is allowed, 0..1
   */
  BaselineTest(double ratio, double margin) {
    this.ratio = ratio;
    this.margin = margin;
  }

  /** Before anything was bet. */
  Mixture start() {
    return Mixture.unbet(RATIOS.length);
  }

  /** Returns the win of each bet in one batch, nats; in one without both arms nothing. */
  double[] logFactors(ArmCounts batch) {
    if (!batch.hasBoth()) {
      return new double[RATIOS.length];
    }
    long canary = of(batch.foundry());
    long legacy = of(batch.legacy());
    long canaryErrors = batch.foundry().get(Metric.BASELINE.numerator());
    long legacyErrors = batch.legacy().get(Metric.BASELINE.numerator());
    double allowed = ratio * canary / legacy;
    return Arrays.stream(RATIOS)
        .map(
            each -> {
              double u = Math.min(stake(each * ratio, canary, legacy), LARGEST_STAKE / allowed);
              return canaryErrors * Math.log1p(u)
                  + legacyErrors * Math.log1p(-u * allowed)
                  - u * canary * margin;
            })
        .toArray();
  }

  /**
   * {@code theta / q - 1}: theta is the canary's share of the errors at {@code times}, q allowed.
   */
  private double stake(double times, long canary, long legacy) {
    double theta = times * canary / (times * canary + legacy);
    double q = ratio * canary / (ratio * canary + legacy);
    return theta / q - 1;
  }

  private static long of(Counts arm) {
    return arm.get(Metric.BASELINE.denominator());
  }
}
