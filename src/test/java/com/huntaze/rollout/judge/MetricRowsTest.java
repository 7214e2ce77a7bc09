package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import org.junit.jupiter.api.Test;

/** The words of rows for which nothing could be measured. */
class MetricRowsTest {
  private static MetricRow cost(Counts counts) {
    return new MetricRows(Health.DEFAULTS, Health.PLAN)
        .of(Health.metrics(counts)).stream()
            .filter(row -> row.metric().equals(Metric.COST_PER_REQUEST.label()))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void aCostThatNobodyKnowsIsUnknown() {
    MetricRow row =
        cost(Counts.of(Counter.OBSERVED, 2).with(Counter.SETTLED, 2).with(Counter.UNPRICED, 2));
    assertThat(row.actual()).isEqualTo("unknown");
    assertThat(row.sentence()).startsWith("the cost of 2 answers is unknown");
    assertThat(row.value()).isNaN();
  }

  @Test
  void aCostOfNothingIsNoObservation() {
    MetricRow row = cost(Counts.NONE);
    assertThat(row.actual()).isEqualTo("-");
    assertThat(row.sentence()).isEqualTo("no observation yet");
  }
}
