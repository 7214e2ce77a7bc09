package com.huntaze.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficSummaryTest {
  @Test
  void theSentenceNamesTheShareOfFoundry() {
    var summary = new TrafficSummary(10_004, 200, 0, 0, Map.of("legacy", 179L, "foundry", 21L));

    assertThat(summary.sentence())
        .isEqualTo(
            "demo traffic: 200 requests in 10 s, 0 errors, served by foundry 21 (10.5 %), legacy 179");
  }

  @Test
  void droppedRequestsAreNamedOnlyWhenThereAreSome() {
    var summary = new TrafficSummary(10_000, 3, 1, 7, Map.of("legacy", 2L));

    assertThat(summary.sentence())
        .isEqualTo("demo traffic: 3 requests in 10 s, 1 error, 7 dropped, served by legacy 2");
  }

  @Test
  void nothingServedIsNoProvider() {
    var summary = new TrafficSummary(10_000, 2, 2, 0, Map.of());

    assertThat(summary.sentence()).isEqualTo("demo traffic: 2 requests in 10 s, 2 errors");
  }
}
