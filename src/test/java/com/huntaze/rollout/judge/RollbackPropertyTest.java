package com.huntaze.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.Rate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Validates: Requirements 4.4, 4.5, 4.6. */
class RollbackPropertyTest {
  private static final long DIME = 100_000_000;

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-6")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 6: an error rate over its limit, with"
          + " at least minRequests observations, decides its action, and at or under it never"
          + " does**")
  void decidesOnTheErrorRateAtEveryBoundary(
      @ForAll @LongRange(min = 1, max = 2_000_000_000L) long n,
      @ForAll @LongRange(min = 1, max = 2_000_000_000L) long minRequests,
      @ForAll @IntRange(min = 0, max = 10_000) int basisPoints,
      @ForAll Action action) {
    HealthSettings settings =
        Health.settings(minRequests, basisPoints / 10_000.0, new BigDecimal("0.1"), action, true);
    long most = n * basisPoints / 10_000;
    Counts at = Counts.of(Counter.OBSERVED, n).with(Counter.SETTLED, n).with(Counter.ERRORS, most);
    assertThat(plain(settings, at)).isEmpty();
    assertThat(decide(settings, at).verdict()).isNotEqualTo(Verdict.ROLLBACK);
    if (most < n) {
      Counts over =
          Counts.of(Counter.OBSERVED, n).with(Counter.SETTLED, n).with(Counter.ERRORS, most + 1);
      checkOver(settings, over, Metric.ERROR_RATE, n);
    }
  }

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-6")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 6: a latency p95 over its limit, with"
          + " at least minRequests observations, decides its action, and at or under it never"
          + " does**")
  void decidesOnTheLatencyAtEveryBoundary(
      @ForAll @LongRange(min = 1, max = 2_000_000_000L) long n,
      @ForAll @LongRange(min = 1, max = 2_000_000_000L) long minRequests,
      @ForAll Action action) {
    HealthSettings settings = Health.settings(minRequests, action);
    long most = n / 20;
    assertThat(plain(settings, Counts.of(Counter.OBSERVED, n).with(Counter.SLOW, most))).isEmpty();
    Counts over = Counts.of(Counter.OBSERVED, n).with(Counter.SLOW, most + 1);
    checkOver(settings, over, Metric.LATENCY_P95, n);
  }

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-6")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 6: a cost per request over its limit,"
          + " with at least minRequests observations, decides its action, and at or under it never"
          + " does**")
  void decidesOnTheCostAtEveryBoundary(
      @ForAll @LongRange(min = 1, max = 2_000_000L) long n,
      @ForAll @LongRange(min = 1, max = 2_000_000L) long minRequests,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long limitNano,
      @ForAll Action action) {
    HealthSettings settings =
        Health.settings(minRequests, 0.05, BigDecimal.valueOf(limitNano, 9), action, true);
    Counts at =
        Counts.of(Counter.OBSERVED, n)
            .with(Counter.COST_KNOWN, n)
            .with(Counter.COST_NANO, limitNano * n);
    assertThat(plain(settings, at)).isEmpty();
    Counts over =
        Counts.of(Counter.OBSERVED, n)
            .with(Counter.COST_KNOWN, n)
            .with(Counter.COST_NANO, limitNano * n + 1);
    checkOver(settings, over, Metric.COST_PER_REQUEST, n);
  }

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-6")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 6: the count of slow exchanges decides"
          + " exactly as the nearest-rank p95 of their latencies does**")
  void agreesWithTheNearestRankPercentile(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 4_900, max = 5_100) Integer> latencies,
      @ForAll @IntRange(min = 4_900, max = 5_100) int limit) {
    int n = latencies.size();
    int[] sorted = latencies.stream().mapToInt(Integer::intValue).sorted().toArray();
    int p95 = sorted[(int) Math.ceil(0.95 * n) - 1];
    long slow = Arrays.stream(sorted).filter(latency -> latency > limit).count();
    Counts window = Counts.of(Counter.OBSERVED, n).with(Counter.SLOW, slow);
    assertThat(decide(Health.settings(1, Action.ROLLBACK), window).isRollback())
        .isEqualTo(p95 > limit);
  }

  @Property(tries = 1_000)
  @Tag("azure-foundry-production-rollout-property-6")
  @Label(
      "**Feature: azure-foundry-production-rollout, Property 6: any mix of windows decides rollback"
          + " exactly when a metric with enough observations is over its limit**")
  void decidesOnAnyMix(
      @ForAll @LongRange(min = 0, max = 100) long observed,
      @ForAll @LongRange(min = 0, max = 100) long settled,
      @ForAll @LongRange(min = 0, max = 100) long priced,
      @ForAll @LongRange(min = 0, max = 12) long hits,
      @ForAll @LongRange(min = 0, max = 2 * DIME) long meanNano) {
    long slow = Math.min(hits, observed);
    long errors = Math.min(hits, settled);
    Counts window =
        Counts.of(Counter.OBSERVED, observed)
            .with(Counter.SETTLED, settled)
            .with(Counter.ERRORS, errors)
            .with(Counter.SLOW, slow)
            .with(Counter.COST_KNOWN, priced)
            .with(Counter.COST_NANO, meanNano * priced);
    boolean expected =
        settled >= 50 && 20 * errors > settled
            || observed >= 50 && 20 * slow > observed
            || priced >= 50 && meanNano > DIME;
    assertThat(decide(Health.settings(50, Action.ROLLBACK), window).isRollback())
        .isEqualTo(expected);
  }

  @Property(tries = 1_000)
  void comparesProductsThatNoLongHolds(
      @ForAll @LongRange(min = 0) long a,
      @ForAll @LongRange(min = 0) long b,
      @ForAll @LongRange(min = 0) long c,
      @ForAll @LongRange(min = 0) long d) {
    BigInteger left = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    BigInteger right = BigInteger.valueOf(c).multiply(BigInteger.valueOf(d));
    assertThat(Rate.exceeds(a, b, c, d)).isEqualTo(left.compareTo(right) > 0);
    assertThat(Rate.exceeds(a, b, b, a)).isFalse();
  }

  private static void checkOver(HealthSettings settings, Counts over, Metric metric, long n) {
    RollbackDecision decision = decide(settings, over);
    if (settings.errorRate().action() == Action.OBSERVE) {
      assertThat(decision.findings()).isEmpty();
      assertThat(decision.verdict()).isEqualTo(Verdict.HEALTHY);
      return;
    }
    if (n < settings.minRequests()) {
      assertThat(decision.findings()).isEmpty();
      assertThat(decision.verdict()).isEqualTo(Verdict.HOLD);
      return;
    }
    assertThat(decision.findings()).hasSize(1);
    Finding finding = decision.findings().get(0);
    assertThat(finding.metric()).isEqualTo(metric);
    assertThat(finding.rule()).isEqualTo(Rule.PLAIN);
    assertThat(finding.samples()).isEqualTo(n);
    assertThat(finding.action()).isEqualTo(settings.errorRate().action());
    boolean rollsBack = finding.action() == Action.ROLLBACK;
    assertThat(decision.verdict()).isEqualTo(rollsBack ? Verdict.ROLLBACK : Verdict.ALERT);
    assertThat(decision.promotion().ready()).isFalse();
  }

  private static List<Finding> plain(HealthSettings settings, Counts window) {
    return decide(settings, window).findings();
  }

  private static RollbackDecision decide(HealthSettings settings, Counts window) {
    return new RollbackController(settings, Health.UNDEMANDING).checkHealth(Health.metrics(window));
  }
}
