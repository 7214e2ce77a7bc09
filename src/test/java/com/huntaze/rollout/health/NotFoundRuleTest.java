package com.huntaze.rollout.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.provider.Provider;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotFoundRuleTest {
  private static final NotFoundRule RULE = new NotFoundRule(Health.DEFAULTS.baseline());

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
    NotFoundCounts counts =
        new NotFoundCounts(new ShareCounts(hits, n), new ShareCounts(legacyHits, legacy));
    assertThat(RULE.exceeds(counts)).isEqualTo(told);
  }

  @Property
  void nothingIsToldAtOrUnderWhatIsAllowed(
      @ForAll @IntRange(max = 3_000) int n,
      @ForAll @IntRange(max = 3_000) int hits,
      @ForAll @IntRange(max = 3_000) int legacy,
      @ForAll @IntRange(max = 3_000) int legacyHits) {
    NotFoundCounts counts =
        new NotFoundCounts(
            new ShareCounts(Math.min(hits, n), n),
            new ShareCounts(Math.min(legacyHits, legacy), legacy));
    if (RULE.exceeds(counts)) {
      assertThat(Rate.of(Math.min(hits, n), n)).isGreaterThan(RULE.limit(counts));
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
      source.open(Provider.FOUNDRY, "1-a", 0, 1, false).notFound();
      source.open(Provider.FOUNDRY, "1-a", 0).settle(true, 10, 1, null);
      source.open(Provider.LEGACY, "1-a", 0).settle(true, 10, 1, null);
    }
    Observation once = source.open(Provider.LEGACY, "1-a", 0);
    once.notFound();
    once.notFound();
    once.settle(false, 1, 1, null);
    source.rows().forEach(row -> judge.take(row, 1_000));
    HealthMetrics metrics = judge.tick(1_000, BreakerFacts.CLOSED);
    assertThat(metrics.notFound())
        .isEqualTo(new NotFoundCounts(new ShareCounts(60, 120), new ShareCounts(1, 61)));
    assertThat(metrics.foundryWindow().observed()).isEqualTo(60);
    assertThat(metrics.sequential().error().samples()).isEqualTo(60);
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
    assertThat(judge.tick(2_000, BreakerFacts.CLOSED).notFound()).isEqualTo(NotFoundCounts.NONE);
  }

  @Example
  void withoutALegacyToCompareWithAFixedShareIsTold() {
    HealthMetrics metrics =
        Health.with(
            Health.metrics(WindowCounts.NONE),
            new NotFoundCounts(new ShareCounts(30, 60), new ShareCounts(0, 3)));
    assertThat(new RollbackController(Health.DEFAULTS, Health.PLAN).checkHealth(metrics).notices())
        .extracting(Finding::sentence)
        .containsExactly("answers 404 50.0 % of 60 > 5.0 % (legacy has too few to compare with)");
  }
}
