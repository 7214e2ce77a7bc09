package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two judges of one rollout, each with the rows of its own side. */
class MeetingJudgesTest {
  private static final String EPOCH = "1-a";
  private static final double TINY = 1e-9;

  private final ObservationCounter here = counter("here");
  private final ObservationCounter there = counter("there");
  private final HealthJudge leader = judge();
  private long now = 1_000;
  private long users;

  private static ObservationCounter counter(String source) {
    ObservationCounter counter = new ObservationCounter(source, Thresholds.of(Health.DEFAULTS));
    counter.began(EPOCH, 0);
    return counter;
  }

  private static HealthJudge judge() {
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.PLAN);
    judge.stageBegan(EPOCH, 0, 0, 0);
    return judge;
  }

  private void serve(ObservationCounter by, int requests, int failures) {
    for (int i = 0; i < requests; i++) {
      Observation exchange =
          by.open(Provider.FOUNDRY, EPOCH, 0, new Requester(++users * 7_919, 0), true);
      exchange.settle(i >= failures, 10, 1_000, "m");
    }
  }

  private double tick(HealthJudge judge, ObservationCounter of) {
    of.rows().forEach(row -> judge.take(row, now));
    now += 1_000;
    HealthMetrics metrics = judge.tick(now, BreakerFacts.CLOSED);
    return Math.exp(metrics.sequential().of(Metric.ERROR_RATE).lnE());
  }

  private long observed() {
    return leader.checkpoint().foundry().all().get(Metric.Counter.OBSERVED);
  }

  @Test
  void eachRequestCountsOnceAndIsEvidenceOnce() {
    HealthJudge side = judge();
    serve(here, 60, 2);
    serve(there, 40, 6);
    double own = tick(leader, here);
    double its = tick(side, there);
    leader.share(0.6);
    assertThat(leader.meet(side.checkpoint(), 0.4, side.rows(), now)).isEmpty();
    double mean = 0.6 * own + 0.4 * its;
    assertThat(tick(leader, there)).isCloseTo(mean, within(0.001 * mean));
    assertThat(observed()).isEqualTo(100);
    // What its members say of themselves from now on is news only where it is more.
    serve(there, 10, 5);
    assertThat(tick(leader, there)).isGreaterThan(2 * mean);
    assertThat(observed()).isEqualTo(110);
  }

  @Test
  void whatWasFoundByOtherRulesOrOfAnotherRolloutIsNoEvidence() {
    HealthJudge otherRules =
        new HealthJudge(
            Health.settings(
                42,
                0.2,
                Health.DEFAULTS.costPerRequestUsd().limit(),
                Health.DEFAULTS.errorRate().action(),
                true),
            Health.PLAN);
    otherRules.stageBegan(EPOCH, 0, 0, 0);
    serve(here, 60, 2);
    serve(there, 40, 20);
    double own = tick(leader, here);
    tick(otherRules, there);
    assertThat(leader.meet(otherRules.checkpoint(), 0.5, List.<MetricsRow>of(), now)).isNotEmpty();
    HealthJudge otherRollout = judge();
    otherRollout.stageBegan("2-b", 0, 0, 0);
    assertThat(leader.meet(otherRollout.checkpoint(), 0.5, List.of(), now))
        .containsExactly("it is of rollout 2-b");
    assertThat(tick(leader, here)).isCloseTo(own, within(TINY + 0.001 * own));
    assertThat(observed()).isEqualTo(60);
  }
}
