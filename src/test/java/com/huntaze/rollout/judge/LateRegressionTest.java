package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.judge.sequential.CusumRun;
import com.huntaze.rollout.judge.sequential.EvidenceFigures;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.sequential.Mixture;
import com.huntaze.rollout.judge.sequential.SequentialState;
import com.huntaze.rollout.judge.sequential.SequentialTest;
import com.huntaze.rollout.judge.sequential.SequentialTests;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.KeySketch;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.MetricsCollector;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The sequential findings about a canary that was good for long and is bad now. */
class LateRegressionTest {
  private static final HealthSettings NEVER_PLAIN = Health.settings(1_000_000, Action.ROLLBACK);
  private static final double LIMIT = 0.05;
  private static final SequentialTest AT_LIMIT = new SequentialTest(LIMIT);

  @Example
  void theFindingIsOfTheObservationsSinceTheChange() {
    JudgedTraffic traffic = new JudgedTraffic(NEVER_PLAIN, 1, 20, 600, 0.3, 7);
    RollbackController controller = new RollbackController(NEVER_PLAIN, Health.PLAN);
    RollbackDecision decision = controller.checkHealth(traffic.step());
    for (int second = 0; second < 700 && !decision.isRollback(); second++) {
      decision = controller.checkHealth(traffic.step());
    }
    assertThat(decision.isRollback()).isTrue();
    assertThat(decision.findings())
        .filteredOn(finding -> finding.metric() == Metric.ERROR_RATE)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.observed()).isCloseTo(0.3, within(0.12));
              assertThat(finding.samples()).isLessThan(300);
              assertThat(finding.sentence())
                  .matches(
                      "error rate [0-9.]+ % of the last \\d+ \\(of all 12\\d+: 1\\.\\d %\\) against"
                          + " a limit of 5\\.0 % \\(legacy in the same time: [0-9.]+ % of \\d+\\): a healthy Foundry looks like this 1 time in .* \\(rolls back at 1 in 167\\)");
            });
  }

  @Example
  void theCostIsOfTheRolloutAndNotOfAStageThatHasJustBegun() {
    HealthJudge judge = new HealthJudge(NEVER_PLAIN, Health.PLAN);
    ObservationCounter source = new ObservationCounter("loop-1", Thresholds.of(NEVER_PLAIN));
    source.began("1-a", 0);
    judge.stageBegan("1-a", 0, 0, 0);
    for (int i = 0; i < 200; i++) {
      source.open(Provider.FOUNDRY, "1-a", 0).settle(true, 10, 300_000_000, null);
    }
    source.rows().forEach(row -> judge.take(row, 1_000));
    judge.tick(1_000, BreakerFacts.CLOSED);
    judge.stageBegan("1-a", 1, 1, 1_500);
    HealthMetrics metrics = judge.tick(2_000, BreakerFacts.CLOSED);
    Finding finding =
        new RollbackController(NEVER_PLAIN, Health.PLAN).checkHealth(metrics).findings().get(0);
    assertThat(finding.observed()).isEqualTo(0.3);
    assertThat(finding.sentence())
        .startsWith(
            "cost per request 0.3 USD, mean of 200, against a limit of 0.1 USD: a healthy Foundry looks like this ");
  }

  @Property
  void theStrongestRunIsTheOneThatABetWouldHaveWonMostInAndItIsOverTheLimit(
      @ForAll @Size(max = 40) List<@From("ticks") long[]> ticks) {
    SequentialState.Wealth wealth = SequentialState.Wealth.of(AT_LIMIT.start());
    for (long[] tick : ticks) {
      double[] won = AT_LIMIT.logFactors(tick[0], tick[1]);
      wealth =
          wealth.bet(
              Mixture.Mass.NONE,
              won,
              CusumRun.of(
                  Metric.ERROR_RATE,
                  Health.counts(Metric.ERROR_RATE, tick[0], tick[1]),
                  Counts.NONE,
                  0),
              List.of());
    }
    CusumRun strongest = wealth.strongest();
    assertThat(strongest.nats()).isCloseTo(most(ticks), within(1e-9));
    if (strongest.nats() > 0) {
      assertThat(strongest.counts().rate(Metric.ERROR_RATE)).isGreaterThan(LIMIT);
    } else {
      assertThat(strongest).isEqualTo(CusumRun.NONE);
    }
  }

  @Property
  void aFindingIsNeverAtOrUnderItsLimit(
      @ForAll @IntRange(max = 400) int good,
      @ForAll @IntRange(min = 10, max = 200) int bad,
      @ForAll @IntRange(min = 2, max = 5) int oneIn) {
    SequentialTests tests = new SequentialTests(NEVER_PLAIN, Health.PLAN);
    SequentialState state = tests.start();
    for (int second = 1; second <= good + bad; second++) {
      boolean error = second > good && second % oneIn == 0;
      MetricsCollector.Tick counts = new MetricsCollector.Tick(false);
      counts.add(
          Provider.FOUNDRY,
          StageTotals.of(
              Counts.NONE,
              Health.counts(Metric.ERROR_RATE, 1, error ? 1 : 0).with(Counter.KEYLESS, 1)),
          KeySketch.EMPTY);
      state = tests.next(state, second, 0, second * 1_000L, 1_000, counts);
      EvidenceFigures evidence = tests.figures(state, false).of(Metric.ERROR_RATE);
      if (evidence.status() == EvidenceStatus.EXCEEDED) {
        assertThat(evidence.run().counts().rate(Metric.ERROR_RATE)).isGreaterThan(LIMIT);
      }
    }
  }

  @Provide
  Arbitrary<long[]> ticks() {
    return Arbitraries.longs()
        .between(0, 6)
        .flatMap(n -> Arbitraries.longs().between(0, n).map(s -> new long[] {n, s}));
  }

  /** By trying every bet and every start. */
  private static double most(List<long[]> ticks) {
    double most = 0;
    for (int from = 0; from < ticks.size(); from++) {
      long n = ticks.stream().skip(from).mapToLong(tick -> tick[0]).sum();
      long s = ticks.stream().skip(from).mapToLong(tick -> tick[1]).sum();
      for (double nats : AT_LIMIT.logFactors(n, s)) {
        most = Math.max(most, nats);
      }
    }
    return most;
  }
}
