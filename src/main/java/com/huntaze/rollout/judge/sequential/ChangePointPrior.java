package com.huntaze.rollout.judge.sequential;

import java.time.Duration;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The moments at which the mass of a {@link Mixture} enters, the same for all four tests: 55 % at
 * the starts of the stages, where a regression is most likely to begin (0.30, 0.15 and 0.10 of
 * three stages; in general the i-th gets a share in proportion to 1/i), and 45 % evenly over the
 * seconds of the planned rollout.
 *
 * <p>Seconds and not minutes: at 50 requests a second a minute's mass would be lost on thousands of
 * healthy requests before an outage in the middle of that minute. At low traffic it makes no
 * difference, because the masses that enter between two requests are as good as one.
 *
 * <p>After the planned time the budget is renewed, day by day. With mass m entered on top of the
 * first 1, the wealth is below a supermartingale that starts at 1 + m, so a test with threshold
 * 1/alpha is ever crossed with a probability of at most {@code alpha * (1 + m)}. A day's m of
 * {@code 0.001 / alpha} (alpha of the whole rollout) therefore adds at most 0.1 % a day over all
 * tests together, as their parts of alpha add up to it. With an alpha under 1 % a day adds a tenth
 * of it, so that a strict alpha is not drowned.
 *
 * <p>Source: the statistics of the canary, 2.
 */
public final class ChangePointPrior {
  private static final double AT_STARTS = 0.55;
  private static final double RENEWED_A_DAY = 0.001;
  private static final double MOST_OF_ALPHA_A_DAY = 0.1;
  private static final long SECONDS_A_DAY = 86_400;

  /** The length of a step of a rollout. */
  static final long STEP_MILLIS = 1_000;

  private final double[] stages;
  private final double aStep;
  private final long plannedSteps;
  private final double renewedStep;

  /**
   * @param stages what enters at the first start of each stage
   * @param evenly what enters evenly over the planned steps; all together at most 1
   * @param plannedSteps at least 1
   * @param renewedStep what enters in each step after these
   */
  ChangePointPrior(double[] stages, double evenly, long plannedSteps, double renewedStep) {
    double all = DoubleStream.of(stages).sum() + evenly;
    if (all > 1 + 1e-12) {
      throw new IllegalArgumentException("mass: " + all + " (expected: at most 1)");
    }
    this.stages = stages.clone();
    this.aStep = evenly / plannedSteps;
    this.plannedSteps = plannedSteps;
    this.renewedStep = renewedStep;
  }

  /**
   * The masses of a rollout.
   *
   * @param stages how many, at least 1
   * @param planned all bake times and the time that the last stage is watched
   * @param alpha the probability of a false rollback in the whole rollout
   */
  public static ChangePointPrior of(int stages, Duration planned, double alpha) {
    double harmonic = IntStream.rangeClosed(1, stages).mapToDouble(i -> 1.0 / i).sum();
    double[] starts =
        IntStream.rangeClosed(1, stages).mapToDouble(i -> AT_STARTS / i / harmonic).toArray();
    double aDay = Math.min(RENEWED_A_DAY / alpha, MOST_OF_ALPHA_A_DAY);
    long steps = Math.max(1, planned.toSeconds());
    return new ChangePointPrior(starts, 1 - AT_STARTS, steps, aDay / SECONDS_A_DAY);
  }

  /**
   * Returns the mass that enters at the first start of a stage; none for one that was not planned.
   */
  public Mixture.Mass atStart(int stage) {
    return new Mixture.Mass(stage >= 0 && stage < stages.length ? stages[stage] : 0, 0);
  }

  /**
   * Returns the mass that enters in the steps after {@code paid}, up to and including {@code now};
   * the first step is number 0.
   */
  public Mixture.Mass steps(long paid, long now) {
    long planned = Math.max(0, Math.min(now, plannedSteps - 1) - Math.min(paid, plannedSteps - 1));
    long renewed = Math.max(0, now - Math.max(paid, plannedSteps - 1));
    return new Mixture.Mass(planned * aStep, renewed * renewedStep);
  }
}
