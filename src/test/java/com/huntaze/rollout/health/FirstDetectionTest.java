package com.huntaze.rollout.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first detections of the statistics of the canary, section 7, on bit-exact streams. */
class FirstDetectionTest {

  @ParameterizedTest
  @CsvSource({
    "30, 0, 110, 77, -1, -1", "30, 1, 964, 149, -1, -1", "30, 2, 667, 660, -1, -1",
    "30, 3, 889, 882, -1, -1", "30, 4, 210, 176, -1, -1", "100, 0, 100, 50, 161, 168",
    "100, 1, 100, 50, 234, 254", "100, 2, 100, 50, 141, 142", "100, 3, 100, 50, 184, 222",
    "100, 4, 100, 50, 214, 230", "300, 0, 100, 50, 20, 21", "300, 1, 100, 50, 19, 19",
    "300, 2, 100, 50, 9, 10", "300, 3, 100, 50, 62, 68", "300, 4, 100, 50, 34, 54",
    "1000, 0, 100, 50, 3, 3", "1000, 1, 100, 50, 3, 3", "1000, 2, 100, 50, 3, 3",
    "1000, 3, 100, 50, 3, 3", "1000, 4, 100, 50, 3, 3"
  })
  void everyDetectorFirstDetectsAtTheGoldenRequest(
      int scenario, int rep, int last100, int fiveMinutes, int cumulative, int startMixture) {
    assertThat(Detectors.lastN(Detectors.errors(scenario, rep), 100)).isEqualTo(last100);
    assertThat(Detectors.fiveMinutes(Detectors.errors(scenario, rep), 50)).isEqualTo(fiveMinutes);
    assertThat(Detectors.cumulative(Detectors.errors(scenario, rep), 0.01)).isEqualTo(cumulative);
    assertThat(Detectors.startMixture(Detectors.errors(scenario, rep), 0.01))
        .isEqualTo(startMixture);
  }
}
