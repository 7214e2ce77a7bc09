package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Records;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.Observation;
import com.huntaze.rollout.judge.window.ObservationCounter;
import com.huntaze.rollout.judge.window.Requester;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.judge.window.WindowCounts;
import com.huntaze.rollout.provider.Provider;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotFoundRuleTest {
  private static final NotFoundRule RULE = new NotFoundRule(Health.DEFAULTS);

  @ParameterizedTest
  @CsvSource({
    // Foundry's 404s and answers, legacy's, and whether people are told.
    "19, 19, 0, 1000, false",
    "20, 20, 0, 1000, true",
    "20, 20, 20, 20, false",
    "60, 200, 18, 1800, true",
    "5, 200, 18, 1800, false",
    "100, 1000, 100, 1000, false",
    "200, 1000, 100, 1000, false",
    "300, 1000, 100, 1000, true",
    "20, 20, 0, 19, true",
    "1, 20, 0, 0, false",
    "9, 20, 0, 0, true",
    "6, 100, 0, 0, false",
    "0, 1000, 0, 0, false"
  })
  void isToldWhenFoundryAnswers404FarMoreOftenThanLegacy(
      long hits, long n, long legacyHits, long legacy, boolean told) {
    Counts foundry = counts(n, hits);
    assertThat(RULE.exceeds(Metric.NOT_FOUND, foundry, counts(legacy, legacyHits))).isEqualTo(told);
  }

  @Property
  void nothingIsToldAtOrUnderWhatIsAllowed(
      @ForAll @IntRange(max = 3_000) int n,
      @ForAll @IntRange(max = 3_000) int hits,
      @ForAll @IntRange(max = 3_000) int legacy,
      @ForAll @IntRange(max = 3_000) int legacyHits) {
    Counts foundry = counts(n, Math.min(hits, n));
    Counts ofLegacy = counts(legacy, Math.min(legacyHits, legacy));
    if (RULE.exceeds(Metric.NOT_FOUND, foundry, ofLegacy)) {
      assertThat(foundry.rate(Metric.NOT_FOUND))
          .isGreaterThan(RULE.limit(Metric.NOT_FOUND, ofLegacy));
    }
  }

  @Example
  void a404IsCountedOnceForAKeyAndIsNoObservationAndDecidesNothing() {
    HealthJudge judge = new HealthJudge(Health.DEFAULTS, Health.UNDEMANDING);
    ObservationCounter source = new ObservationCounter("loop-1", Thresholds.of(Health.DEFAULTS));
    source.began("1-a", 0);
    judge.stageBegan("1-a", 0, 0, 0);
    for (int i = 0; i < 60; i++) {
      source.open(Provider.FOUNDRY, "1-a", 0).notFound();
      source.open(Provider.FOUNDRY, "1-a", 0, Requester.of(1), false).notFound();
      source.open(Provider.FOUNDRY, "1-a", 0).settle(true, 10, 1, null);
      source.open(Provider.LEGACY, "1-a", 0).settle(true, 10, 1, null);
    }
    Observation once = source.open(Provider.LEGACY, "1-a", 0);
    once.notFound();
    once.notFound();
    once.settle(false, 1, 1, null);
    source.rows().forEach(row -> judge.take(row, 1_000));
    HealthMetrics metrics = judge.tick(1_000, BreakerFacts.CLOSED);
    assertThat(metrics.foundryWindow().of(Metric.NOT_FOUND)).isEqualTo(counts(120, 60));
    assertThat(metrics.legacyWindow().of(Metric.NOT_FOUND)).isEqualTo(counts(61, 1));
    assertThat(metrics.foundryWindow().of(Metric.LATENCY_P95).get(Counter.OBSERVED)).isEqualTo(60);
    assertThat(metrics.sequential().of(Metric.ERROR_RATE).samples()).isEqualTo(60);
    RollbackDecision decision =
        new RollbackController(Health.DEFAULTS, Health.UNDEMANDING).checkHealth(metrics);
    assertThat(decision.verdict()).isEqualTo(Verdict.HEALTHY);
    assertThat(decision.promotion().ready()).isTrue();
    assertThat(decision.findings()).isEmpty();
    assertThat(decision.notices())
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.action()).isEqualTo(Action.ALERT);
              assertThat(notice.sentence())
                  .isEqualTo(
                      "answers 404 50.0 % of 120 against legacy's 1.6 % of 61 (allowed: 3.5 %)");
            });
    judge.stageBegan("1-a", 1, 1, 2_000);
    WindowCounts next = judge.tick(2_000, BreakerFacts.CLOSED).foundryWindow();
    assertThat(next.of(Metric.NOT_FOUND)).isEqualTo(Counts.NONE);
  }

  @Example
  void withoutALegacyToCompareWithAFixedShareIsTold() {
    HealthMetrics metrics =
        Records.with(Health.metrics(counts(60, 30)), "legacyWindow", WindowCounts.of(counts(3, 0)));
    assertThat(new RollbackController(Health.DEFAULTS, Health.PLAN).checkHealth(metrics).notices())
        .extracting(Finding::sentence)
        .containsExactly("answers 404 50.0 % of 60 > 5.0 % (legacy has too few to compare with)");
  }

  private static Counts counts(long answers, long notFound) {
    return Health.counts(Metric.NOT_FOUND, answers, notFound);
  }
}
