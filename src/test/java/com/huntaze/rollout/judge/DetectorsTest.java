package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables' detector decides at the very request at which the product does. */
class DetectorsTest {
  @ParameterizedTest
  @ValueSource(ints = {10, 50, 60, 100, 300, 1_000})
  void decidesAsTheProductDoes(int scenario) {
    for (int rep = 0; rep < 5; rep++) {
      assertThat(Detectors.sequential(Detectors.errors(scenario, rep), 2_000))
          .as("stream %d", rep)
          .isEqualTo(Detectors.product(Detectors.errors(scenario, rep), 2_000));
    }
  }
}
