package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.judge.sequential.Streams;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Table C of the statistics of the canary, by the product's default settings: 1 % errors for 12,000
 * requests, then more.
 */
class TableCTest {
  private static final int CHANGE = 12_000;
  private static final int REPS = 300;

  @ParameterizedTest
  @CsvSource({"100, 660, 3", "300, 45, 0", "1000, 7, 0"})
  void aLateRegressionIsDetectedAsSoonAsTheTableSays(int scenario, double median, double missed) {
    Runs runs = runs(scenario);
    assertThat(runs.percent()).isCloseTo(100, within(missed));
    assertThat(runs.median() - CHANGE).isCloseTo(median, Percentage.withPercentage(10));
  }

  @ParameterizedTest
  @CsvSource({"60, 62, 10624"})
  void aFaintLateRegressionIsDetectedAsOftenAsTheTableSays(
      int scenario, double percent, double median) {
    Runs runs = runs(scenario);
    assertThat(runs.percent()).isCloseTo(percent, within(7.0));
    assertThat(runs.medianOfAll() - CHANGE).isCloseTo(median, Percentage.withPercentage(10));
  }

  private static Runs runs(int scenario) {
    return Runs.of(REPS, rep -> Detectors.sequential(late(scenario, rep), Detectors.REQUESTS));
  }

  private static BooleanSupplier late(int scenario, int rep) {
    SplittableRandom random = Streams.of(scenario, rep);
    int[] count = {0};
    return () -> random.nextDouble() < (count[0]++ < CHANGE ? 0.01 : scenario / 1_000.0);
  }
}
