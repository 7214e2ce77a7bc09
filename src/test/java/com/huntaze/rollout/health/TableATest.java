package com.huntaze.rollout.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Table A of the statistics of the canary: 500 repetitions of 24,000 requests. */
class TableATest {
  private static final int REPS = 500;
  private static final double ALPHA = 0.01;

  @ParameterizedTest
  @CsvSource({"10, 0.2", "30, 0.2", "45, 0.2", "50, 1.8"})
  void theStartMixtureHardlyEverRollsBackAHealthyCanary(int scenario, double mostPercent) {
    Runs runs =
        Runs.of(REPS, rep -> Detectors.startMixture(Detectors.errors(scenario, rep), ALPHA));
    assertThat(runs.percent()).isLessThanOrEqualTo(mostPercent);
  }

  @ParameterizedTest
  @CsvSource({"60, 6309, 99.8", "100, 280, 100", "300, 19, 100", "1000, 3, 100"})
  void theStartMixtureDetectsASickCanaryAsSoonAsTheTableSays(
      int scenario, double median, double percent) {
    Runs runs =
        Runs.of(REPS, rep -> Detectors.startMixture(Detectors.errors(scenario, rep), ALPHA));
    assertThat(runs.percent()).isCloseTo(percent, within(0.5));
    assertThat(runs.median()).isCloseTo(median, Percentage.withPercentage(10));
  }

  @ParameterizedTest
  @CsvSource({"50, 0.8, 0", "60, 100, 5857", "100, 100, 248", "300, 100, 18"})
  void theCumulativeTestDoesWhatTheTableSays(int scenario, double percent, double median) {
    Runs runs = Runs.of(REPS, rep -> Detectors.cumulative(Detectors.errors(scenario, rep), ALPHA));
    assertThat(runs.percent()).isCloseTo(percent, within(0.5));
    if (median > 0) {
      assertThat(runs.median()).isCloseTo(median, Percentage.withPercentage(10));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10, 100, 38.0",
    "30, 100, 100",
    "10, 500, 0",
    "30, 500, 77.8",
    "30, 1000, 5.8",
    "10, 2000, 0",
    "30, 2000, 0",
    "45, 2000, 100"
  })
  void thePlainRuleRollsBackAHealthyCanaryAsOftenAsTheTableSays(
      int scenario, int n, double percent) {
    Runs runs = Runs.of(REPS, rep -> Detectors.lastN(Detectors.errors(scenario, rep), n));
    assertThat(runs.percent()).isCloseTo(percent, within(0.5));
  }

  @ParameterizedTest
  @CsvSource({"60, 100, 100", "100, 500, 500", "300, 2000, 2000", "60, 2000, 2000"})
  void thePlainRuleDetectsAtItsNthRequest(int scenario, int n, double median) {
    Runs runs = Runs.of(REPS, rep -> Detectors.lastN(Detectors.errors(scenario, rep), n));
    assertThat(runs.percent()).isEqualTo(100);
    assertThat(runs.median()).isCloseTo(median, Percentage.withPercentage(10));
  }
}
