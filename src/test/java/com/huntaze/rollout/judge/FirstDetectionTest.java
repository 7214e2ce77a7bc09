package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first detections on the bit-exact streams of the statistics of the canary, section 7: those
 * of the plain rule are theirs, those of the sequential test the product's by its default settings.
 */
class FirstDetectionTest {

  @ParameterizedTest
  @CsvSource({
    "30, 0, 110, 77, -1", "30, 1, 964, 149, -1", "30, 2, 667, 660, -1",
    "30, 3, 889, 882, -1", "30, 4, 210, 176, -1", "100, 0, 100, 50, 177",
    "100, 1, 100, 50, 277", "100, 2, 100, 50, 145", "100, 3, 100, 50, 276",
    "100, 4, 100, 50, 842", "300, 0, 100, 50, 21", "300, 1, 100, 50, 25",
    "300, 2, 100, 50, 10", "300, 3, 100, 50, 70", "300, 4, 100, 50, 57",
    "1000, 0, 100, 50, 10", "1000, 1, 100, 50, 10", "1000, 2, 100, 50, 10",
    "1000, 3, 100, 50, 10", "1000, 4, 100, 50, 10"
  })
  void everyDetectorFirstDetectsAtTheGoldenRequest(
      int scenario, int rep, int last100, int fiveMinutes, int sequential) {
    assertThat(Detectors.lastN(Detectors.errors(scenario, rep), 100)).isEqualTo(last100);
    assertThat(Detectors.fiveMinutes(Detectors.errors(scenario, rep), 50)).isEqualTo(fiveMinutes);
    assertThat(Detectors.sequential(Detectors.errors(scenario, rep), Detectors.REQUESTS))
        .isEqualTo(sequential);
  }
}
