package com.huntaze.rollout.judge.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Detectors;
import com.huntaze.rollout.judge.Runs;
import com.huntaze.rollout.judge.window.CostBets;
import com.huntaze.rollout.judge.window.Metric;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Table E of the statistics of the canary: log-normal costs with sigma 1, alpha 1 %. */
class TableETest {
  private static final int REPS = 300;

  /** The table's own 300 leave its medians 6 % of chance; more make ours exact. */
  private static final int MANY_REPS = 1_000;

  private static final long LIMIT = 100_000_000;

  @ParameterizedTest
  @CsvSource({"0.9, 1.5", "1.0, 2.2"})
  void aMeanCostUpToTheLimitHardlyEverRollsBack(double mean, double mostPercent) {
    assertThat(Runs.of(REPS, rep -> detection(mean, rep)).percent())
        .isLessThanOrEqualTo(mostPercent);
  }

  @ParameterizedTest
  @CsvSource({"1.1, 2701", "1.25, 426", "1.5, 116", "2, 48", "3, 24"})
  void aTooHighMeanIsDetectedAsSoonAsTheTableSays(double mean, double median) {
    Runs runs = Runs.of(MANY_REPS, rep -> detection(mean, rep));
    assertThat(runs.percent()).isEqualTo(100);
    assertThat(runs.median()).isCloseTo(median, Percentage.withPercentage(10));
  }

  private static int detection(double mean, int rep) {
    SplittableRandom random = Streams.of((int) Math.round(1_000 * mean), rep);
    Mixture wealth = Mixture.unbet(CostBets.COUNT);
    ChangePointPrior masses = Detectors.masses();
    Mixture.Mass mass = masses.atStart(0);
    long paid = -1;
    double[] factors = new double[CostBets.COUNT];
    for (int i = 0; i < Detectors.REQUESTS; i++) {
      double ratio = mean * Math.exp(random.nextGaussian() - 0.5);
      long cost = Math.round(ratio * LIMIT);
      for (int bet = 0; bet < factors.length; bet++) {
        factors[bet] = CostBets.logFactor(bet, cost, LIMIT);
      }
      long step = (long) (3.6 * i);
      wealth = wealth.bet(mass.plus(masses.steps(paid, step)), factors);
      mass = Mixture.Mass.NONE;
      paid = step;
      if (wealth.lnE() >= Detectors.threshold(Metric.COST_PER_REQUEST)) {
        return i + 1;
      }
    }
    return -1;
  }
}
