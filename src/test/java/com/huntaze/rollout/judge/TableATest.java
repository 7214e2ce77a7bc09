package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Table A of the statistics of the canary, by the product's default settings: 500 repetitions of
 * 24,000 requests. Errors have six tenths of alpha.
 */
class TableATest {
  private static final int REPS = 500;

  @ParameterizedTest
  @CsvSource({"10, 0.2", "30, 0.2", "45, 0.2", "50, 1.8"})
  void theSequentialTestHardlyEverRollsBackAHealthyCanary(int scenario, double mostPercent) {
    Runs runs = runs(scenario);
    assertThat(runs.percent()).isLessThanOrEqualTo(mostPercent);
  }

  @ParameterizedTest
  @CsvSource({"60, 7654, 99.8", "100, 343, 100", "300, 24, 100", "1000, 10, 100"})
  void theSequentialTestDetectsASickCanaryAsSoonAsTheTableSays(
      int scenario, double median, double percent) {
    Runs runs = runs(scenario);
    assertThat(runs.percent()).isCloseTo(percent, within(0.5));
    assertThat(runs.median()).isCloseTo(median, Percentage.withPercentage(10));
  }

  private static Runs runs(int scenario) {
    return Runs.of(
        REPS, rep -> Detectors.sequential(Detectors.errors(scenario, rep), Detectors.REQUESTS));
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
    "40, 2000, 51.4",
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
