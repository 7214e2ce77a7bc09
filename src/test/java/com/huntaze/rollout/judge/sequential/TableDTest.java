package com.huntaze.rollout.judge.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.Detectors;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.Runs;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Table D of the statistics of the canary: 10,000 requests an hour, a canary of 10 %, batches of 10
 * s, 24 h.
 */
class TableDTest {
  private static final int REPS = 200;
  private static final int BATCHES = 8_640;
  private static final double REQUESTS_A_BATCH = 10_000 / 360.0;

  @ParameterizedTest
  @CsvSource({"0.015, 0.01, 0", "0.025, 0.01, 0.01"})
  void aCanaryThatIsNoWorseThanAllowedHardlyEverRollsBack(
      double canary, double baseline, double margin) {
    Runs runs = Runs.of(REPS, rep -> detection(canary, baseline, margin, false, rep));
    assertThat(runs.percent()).isLessThanOrEqualTo(2.2);
  }

  @ParameterizedTest
  @CsvSource({"0.03, 0, 1748", "0.05, 0, 455", "0.10, 0, 122", "0.30, 0, 28", "0.10, 0.01, 183"})
  void aWorseCanaryIsDetectedAsSoonAsTheTableSays(double canary, double margin, double median) {
    Runs runs = Runs.of(REPS, rep -> detection(canary, 0.01, margin, false, rep));
    assertThat(runs.percent()).isEqualTo(100);
    assertThat(runs.median()).isCloseTo(median, Percentage.withPercentage(15));
  }

  @Test
  void anOutageOfBothIsNoEvidence() {
    Runs runs = Runs.of(REPS, rep -> detection(0.01, 0.01, 0, true, rep));
    assertThat(runs.percent()).isLessThanOrEqualTo(2.2);
  }

  /** Returns the requests that the canary has had when it is detected, -1 = never. */
  private static int detection(
      double canary, double baseline, double margin, boolean outage, int rep) {
    SplittableRandom random = Streams.of((int) (10_000 * canary), rep);
    BaselineTest test = new BaselineTest(1.5, margin);
    Mixture wealth = test.start();
    ChangePointPrior masses = Detectors.masses();
    Mixture.Mass mass = masses.atStart(0);
    long paid = -1;
    int requests = 0;
    int seen = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
      int total = (int) ((batch + 1) * REQUESTS_A_BATCH) - requests;
      requests += total;
      boolean down = outage && batch >= 1_000 && batch < 1_180;
      long[] n = new long[2];
      long[] errors = new long[2];
      for (int i = 0; i < total; i++) {
        int arm = random.nextDouble() < 0.1 ? 0 : 1;
        double p = down ? 0.3 : arm == 0 ? canary : baseline;
        n[arm]++;
        errors[arm] += random.nextDouble() < p ? 1 : 0;
      }
      seen += (int) n[0];
      wealth =
          wealth.bet(
              mass.plus(masses.steps(paid, 10L * batch)),
              test.logFactors(new ArmCounts(arm(n[0], errors[0]), arm(n[1], errors[1]))));
      mass = Mixture.Mass.NONE;
      paid = 10L * batch;
      if (wealth.lnE() >= Detectors.threshold(Metric.BASELINE)) {
        return seen;
      }
    }
    return -1;
  }

  private static Counts arm(long n, long errors) {
    return Health.counts(Metric.BASELINE, n, errors);
  }
}
