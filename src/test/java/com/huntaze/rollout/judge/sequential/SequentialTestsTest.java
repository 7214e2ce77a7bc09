package com.huntaze.rollout.judge.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.Records;
import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.Budget;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.Health;
import com.huntaze.rollout.judge.window.CostBets;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.KeySketch;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.MetricsCollector;
import com.huntaze.rollout.judge.window.StageTotals;
import com.huntaze.rollout.judge.window.UserSampler;
import com.huntaze.rollout.provider.Provider;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SequentialTestsTest {
  private final SequentialTests tests = new SequentialTests(Health.DEFAULTS, Health.PLAN);

  @Test
  void theBudgetIsSplitOverTheFourTests() {
    SequentialFigures figures = tests.figures(tests.start(), false);
    assertThat(figures.of(Metric.ERROR_RATE).threshold()).isCloseTo(5.12, within(0.005));
    assertThat(figures.of(Metric.LATENCY_P95).threshold()).isCloseTo(6.21, within(0.005));
    assertThat(figures.of(Metric.COST_PER_REQUEST).threshold()).isCloseTo(6.21, within(0.005));
    assertThat(figures.of(Metric.BASELINE).threshold()).isCloseTo(6.21, within(0.005));
  }

  @Test
  void anOutageIsFoundAtTheFloor() {
    assertThat(error(tests, errors(9, 9)).status()).isEqualTo(EvidenceStatus.BELOW_FLOOR);
    assertThat(error(tests, errors(10, 10)).status()).isEqualTo(EvidenceStatus.EXCEEDED);
  }

  @Test
  void oneUsersRetryStormStaysBelowTheFloorOfKeys() {
    StageTotals storm = StageTotals.of(Counts.NONE, settled(500, 500).with(Counter.KEYLESS, 0));
    long[] words = new long[KeySketch.WORDS];
    KeySketch.add(words, UserSampler.hash("one"));
    KeySketch.add(words, UserSampler.hash("two"));
    MetricsCollector.Tick counts = new MetricsCollector.Tick(false);
    counts.add(Provider.FOUNDRY, storm, KeySketch.of(words));
    SequentialState state = next(tests, tests.start(), 1, counts);
    assertThat(tests.figures(state, false).of(Metric.ERROR_RATE).status())
        .isEqualTo(EvidenceStatus.BELOW_FLOOR);
    KeySketch.add(words, UserSampler.hash("three"));
    MetricsCollector.Tick third = new MetricsCollector.Tick(false);
    StageTotals one = StageTotals.of(Counts.NONE, settled(1, 1).with(Counter.KEYLESS, 0));
    third.add(Provider.FOUNDRY, one, KeySketch.of(words));
    state = next(tests, state, 2, third);
    assertThat(tests.figures(state, false).of(Metric.ERROR_RATE).status())
        .isEqualTo(EvidenceStatus.EXCEEDED);
  }

  @Test
  void aTickIsCountedOnce() {
    SequentialState once = next(tests, tests.start(), 1, errors(10, 1));
    assertThat(next(tests, once, 1, errors(10, 10))).isSameAs(once);
    assertThat(next(tests, once, 0, errors(10, 10))).isSameAs(once);
  }

  @Test
  void aTickThatIsWholeIsTheSameAsOneInParts() {
    SequentialState whole = next(tests, tests.start(), 1, errors(100, 15));
    SequentialState parts = next(tests, tests.start(), 1, errors(60, 10));
    parts = next(tests, parts, 2, errors(40, 5));
    assertThat(parts.of(Metric.ERROR_RATE).mixture().lnE())
        .isCloseTo(whole.of(Metric.ERROR_RATE).mixture().lnE(), within(1e-9));
  }

  @Test
  void aStagesMassEntersAtItsFirstStartOnly() {
    SequentialState state = next(tests, tests.start(), 1, errors(1, 0));
    double aSecond = 0.45 / 345_600;
    double afterFirst = 1 - 0.30 - 2 * aSecond;
    assertThat(state.of(Metric.ERROR_RATE).rest()).isCloseTo(afterFirst, within(1e-12));
    state = tests.next(state, 2, 1, 2_000, 1_000, errors(1, 0));
    state = tests.next(state, 3, 0, 3_000, 1_000, errors(1, 0));
    state = tests.next(state, 4, 1, 4_000, 1_000, errors(1, 0));
    assertThat(state.of(Metric.ERROR_RATE).rest())
        .isCloseTo(afterFirst - 0.15 - 3 * aSecond, within(1e-12));
  }

  @Test
  void withoutDataTheEvidenceStaysAtZeroThroughThePlan() {
    SequentialState state = tests.start();
    for (int minute = 0; minute < 5_760; minute += 7) {
      state = tests.next(state, state.tick() + 1, 0, minute * 60_000L, 420_000, errors(0, 0));
      assertThat(state.of(Metric.ERROR_RATE).mixture().lnE()).isCloseTo(0, within(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 10, 1, true", "0, 10, 0, false", "1, 1000, 1000, false"})
  void limitsOfNothingAndEverythingAreHandled(double limit, long n, long s, boolean exceeded) {
    HealthSettings settings =
        Health.settings(2_000, limit, new BigDecimal("0.1"), Action.ROLLBACK, true);
    EvidenceFigures error = error(new SequentialTests(settings, Health.PLAN), errors(n, s));
    assertThat(error.lnE()).isFinite();
    assertThat(error.status() == EvidenceStatus.EXCEEDED).isEqualTo(exceeded);
  }

  @Test
  void aCostLimitOfZeroIsExceededByAnyCost() {
    assertThat(CostBets.logFactor(0, 1, 0)).isEqualTo(CostBets.DECISIVE);
    assertThat(CostBets.logFactor(0, 0, 0)).isNegative();
    assertThat(CostBets.logFactor(5, Long.MAX_VALUE, 1)).isEqualTo(Math.log1p(0.4 * 19));
  }

  @Test
  void aDisabledTestIsNotEvidence() {
    HealthSettings off =
        Health.settings(2_000, 0.05, new BigDecimal("0.1"), Action.ROLLBACK, false);
    SequentialTests disabled = new SequentialTests(off, Health.PLAN);
    assertThat(error(disabled, errors(100, 100)).status()).isEqualTo(EvidenceStatus.DISABLED);
  }

  @ParameterizedTest
  @CsvSource({"5, 95, WATCHING", "6, 94, INCONCLUSIVE", "100, 0, INCONCLUSIVE"})
  void moreThanFivePercentOfMissingCostsAreInconclusive(
      long unpriced, long known, EvidenceStatus status) {
    Counts sampled =
        settled(100, 0).with(Counter.COST_KNOWN, known).with(Counter.UNPRICED, unpriced);
    SequentialState state = next(tests, tests.start(), 1, counts(sampled, Counts.NONE));
    assertThat(tests.figures(state, false).of(Metric.COST_PER_REQUEST).status()).isEqualTo(status);
    assertThat(tests.figures(state, true).of(Metric.COST_PER_REQUEST).status())
        .isEqualTo(EvidenceStatus.INCONCLUSIVE);
  }

  @Test
  void theComparisonIsMadeInBatchesWithBothArms() {
    SequentialState state = tests.start();
    for (int second = 1; second <= 30; second++) {
      Counts canary = second == 12 ? settled(1, 1) : Counts.NONE;
      Counts baseline = second == 2 ? settled(5, 0) : Counts.NONE;
      state = tests.next(state, second, 0, second * 1_000, 1_000, counts(canary, baseline));
      ArmCounts arms = second < 12 ? ArmCounts.NONE : arms(1, 1, 5);
      assertThat(state.arms()).isEqualTo(arms);
    }
  }

  @Test
  void aBatchWithOneArmOnlyIsDroppedAfterFiveMinutes() {
    SequentialState state = next(tests, tests.start(), 1, counts(settled(5, 5), Counts.NONE));
    state = tests.next(state, 2, 0, 300_000, 300_000, errors(0, 0));
    assertThat(state.pending()).isEqualTo(ArmCounts.NONE);
    assertThat(state.pendingMillis()).isZero();
  }

  @Test
  void aDamagedStateIsRefused() {
    SequentialState.Wealth nan =
        new SequentialState.Wealth(0.5, List.of(Double.NaN), List.of(), List.of());
    assertThatThrownBy(nan::mixture).hasMessageContaining("expected: finite");
    SequentialState.Wealth much =
        new SequentialState.Wealth(1.5, List.of(0.0), List.of(), List.of());
    assertThatThrownBy(much::mixture).hasMessage("rest: 1.5 (expected: 0..1)");
  }

  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"ERROR_RATE", "LATENCY_P95", "COST_PER_REQUEST", "BASELINE"})
  void aStateWithTooFewBetsIsRefusedWhicheverTestsTheyAre(Metric metric) {
    SequentialState good = tests.start();
    Map<Metric, SequentialState.Wealth> wealth = new EnumMap<>(good.wealth());
    wealth.put(
        metric, new SequentialState.Wealth(1, List.of(0.0), List.of(CusumRun.NONE), List.of()));
    SequentialState bad = Records.with(good, "wealth", wealth);
    assertThatThrownBy(() -> tests.check(bad))
        .hasMessageStartingWith(metric.testName() + ": 1 bets and 1");
  }

  @Test
  void thePartsOfTheRollbacksAreAllOfAlphaAndMostOfItIsOfTheErrors() {
    assertThat(parts(Budget.ROLLBACKS)).isCloseTo(1, within(1e-12));
    assertThat(Metric.ERROR_RATE.alphaPart()).isGreaterThanOrEqualTo(0.6);
  }

  @Test
  void thePartsOfTheHoldsAreAtMostAlpha() {
    assertThat(parts(Budget.HOLDS)).isPositive().isLessThanOrEqualTo(1);
  }

  private static double parts(Budget budget) {
    return Metric.judgedBy(Rule.SEQ)
        .filter(metric -> metric.budget() == budget)
        .mapToDouble(Metric::alphaPart)
        .sum();
  }

  private static EvidenceFigures error(SequentialTests tests, MetricsCollector.Tick counts) {
    return tests.figures(next(tests, tests.start(), 1, counts), false).of(Metric.ERROR_RATE);
  }

  private static SequentialState next(
      SequentialTests tests, SequentialState state, long tick, MetricsCollector.Tick counts) {
    return tests.next(state, tick, 0, 1_000, 1_000, counts);
  }

  private static MetricsCollector.Tick errors(long n, long s) {
    return counts(settled(n, s), Counts.NONE);
  }

  private static Counts settled(long n, long s) {
    return Health.counts(Metric.ERROR_RATE, n, s)
        .with(Counter.SEEN, n)
        .with(Counter.SEEN_ERRORS, s)
        .with(Counter.OBSERVED, n)
        .with(Counter.KEYLESS, n);
  }

  private static MetricsCollector.Tick counts(Counts foundry, Counts legacy) {
    MetricsCollector.Tick counts = new MetricsCollector.Tick(false);
    counts.add(Provider.FOUNDRY, StageTotals.of(Counts.NONE, foundry), KeySketch.EMPTY);
    counts.add(Provider.LEGACY, StageTotals.of(Counts.NONE, legacy), KeySketch.EMPTY);
    return counts;
  }

  private static ArmCounts arms(long foundry, long errors, long legacy) {
    return new ArmCounts(
        Health.counts(Metric.BASELINE, foundry, errors), Health.counts(Metric.BASELINE, legacy, 0));
  }
}
