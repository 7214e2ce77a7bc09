package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Records;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.LatencySettings;
import com.huntaze.rollout.judge.MetricRow.State;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The time to a stream's first content: shown by default, judged when it is asked for. */
class FirstContentTest {
  private static final Metric METRIC = Metric.FIRST_CONTENT_P95;

  @Test
  void itsDefaultsAreTwoSecondsAndObserve() {
    LatencySettings byDefault = new LatencySettings(Duration.ofSeconds(2), Action.OBSERVE);
    assertThat(Health.DEFAULTS.firstContentP95()).isEqualTo(byDefault);
  }

  @Test
  void onlyStreamsAreCountedAndTheirFirstContentIsTheirLatency() {
    Counts window = judged(Health.DEFAULTS, 3, 2_500).foundryWindow().of(METRIC);
    assertThat(window).isEqualTo(Health.counts(METRIC, 3, 3));
  }

  @ParameterizedTest
  @CsvSource({"2000, 0", "2001, 3"})
  void aStreamIsLateStrictlyAfterItsLimit(long millis, long late) {
    Counts window = judged(Health.DEFAULTS, 3, millis).foundryWindow().of(METRIC);
    assertThat(window.get(Counter.LATE_STREAMS)).isEqualTo(late);
  }

  @Test
  void aStreamWhoseFirstContentNeverCameIsNone() {
    ObservationCounter source = source(Health.DEFAULTS);
    Observation broken = source.open(Provider.FOUNDRY, "1-a", 0);
    broken.settle(false, Observation.UNKNOWN, Observation.UNKNOWN, null);
    assertThat(source.rows().get(0).foundry().totals().all().get(Counter.STREAMS)).isZero();
  }

  @Test
  void byDefaultItIsShownAndDecidesNothing() {
    HealthSettings settings = Records.with(Health.DEFAULTS, "minRequests", 10L);
    RollbackDecision decision = decide(settings, 100, 2_500);
    assertThat(decision.verdict()).isEqualTo(Verdict.HEALTHY);
    assertThat(decision.promotion().ready()).isTrue();
    assertThat(decision.findings()).isEmpty();
    assertThat(decision.overLimit()).isEmpty();
    MetricRow row = row(decision);
    assertThat(row.state()).isEqualTo(State.OVER);
    assertThat(row.action()).isEqualTo(Action.OBSERVE);
    assertThat(row.actual()).startsWith("2.5").endsWith(" s");
    assertThat(row.limit()).isEqualTo("<= 2s");
    assertThat(row.samples()).isEqualTo(100);
    assertThat(row.sentence())
        .isEqualTo("first content p95 > 2s: slower 100.0 % > 5.0 %, 100 of 100");
  }

  @ParameterizedTest
  @CsvSource({"ROLLBACK, ROLLBACK", "ALERT, ALERT"})
  void withAnotherActionThePlainRuleJudgesIt(Action action, Verdict verdict) {
    LatencySettings limit = new LatencySettings(Duration.ofSeconds(2), action);
    HealthSettings settings = Records.with(Health.DEFAULTS, "firstContentP95", limit);
    RollbackDecision few = decide(settings, 100, 2_500);
    assertThat(few.hold()).isEqualTo(HoldReason.OVER_LIMIT);
    RollbackDecision decision = decide(Records.with(settings, "minRequests", 100L), 100, 2_500);
    assertThat(decision.verdict()).isEqualTo(verdict);
    assertThat(decision.sentence())
        .isEqualTo(
            "first content p95 > 2s: slower 100.0 % > 5.0 %, 100 of 100"
                + (action == Action.ROLLBACK ? "" : "; only told: nothing is promoted meanwhile"));
  }

  private static RollbackDecision decide(HealthSettings settings, int streams, long millis) {
    return new RollbackController(settings, Health.UNDEMANDING)
        .checkHealth(judged(settings, streams, millis));
  }

  private static MetricRow row(RollbackDecision decision) {
    return decision.rows().stream()
        .filter(row -> row.metric().equals("first_content_p95"))
        .findFirst()
        .orElseThrow();
  }

  /** So many streams with this time to their first content, beside whole answers that took 4 s. */
  private static HealthMetrics judged(HealthSettings settings, int streams, long millis) {
    HealthJudge judge = new HealthJudge(settings, Health.UNDEMANDING);
    judge.stageBegan("1-a", 0, 0, 0);
    ObservationCounter source = source(settings);
    for (int i = 0; i < streams; i++) {
      Observation stream = source.open(Provider.FOUNDRY, "1-a", 0);
      stream.streams();
      stream.settle(true, millis, 1_000, "gpt");
      source.open(Provider.FOUNDRY, "1-a", 0).settle(true, 4_000, 1_000, "gpt");
    }
    source.rows().forEach(row -> judge.take(row, 1_000));
    return judge.tick(1_000, BreakerFacts.CLOSED);
  }

  private static ObservationCounter source(HealthSettings settings) {
    ObservationCounter source = new ObservationCounter("loop-1", Thresholds.of(settings));
    source.began("1-a", 0);
    return source;
  }
}
