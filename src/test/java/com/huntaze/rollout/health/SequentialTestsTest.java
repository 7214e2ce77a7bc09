package com.huntaze.rollout.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.provider.Provider;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequentialTestsTest {
  private final SequentialTests tests = new SequentialTests(Health.DEFAULTS, Health.PLAN);

  @Test
  void theBudgetIsSplitOverTheFourTests() {
    SequentialFigures figures = tests.figures(tests.start(), false);
    assertThat(figures.error().threshold()).isCloseTo(5.81, within(0.005));
    assertThat(figures.latency().threshold()).isCloseTo(5.81, within(0.005));
    assertThat(figures.cost().threshold()).isCloseTo(6.21, within(0.005));
    assertThat(figures.baseline().threshold()).isCloseTo(6.21, within(0.005));
  }

  @Test
  void anOutageIsFoundAtTheFloor() {
    assertThat(error(tests, errors(9, 9)).status()).isEqualTo(EvidenceStatus.BELOW_FLOOR);
    assertThat(error(tests, errors(10, 10)).status()).isEqualTo(EvidenceStatus.EXCEEDED);
  }

  @Test
  void oneUsersRetryStormStaysBelowTheFloorOfKeys() {
    SampledTally storm = new SampledTally(500, 500, 500, 0, 0, 0, 0, 0, 0, noWealth());
    long[] words = new long[KeySketch.WORDS];
    KeySketch.add(words, UserSampler.hash("one"));
    KeySketch.add(words, UserSampler.hash("two"));
    TickCounts counts = new TickCounts();
    counts.add(Provider.FOUNDRY, Tally.NONE, storm, KeySketch.of(words));
    SequentialState state = next(tests, tests.start(), 1, counts);
    assertThat(tests.figures(state, false).error().status()).isEqualTo(EvidenceStatus.BELOW_FLOOR);
    KeySketch.add(words, UserSampler.hash("three"));
    TickCounts third = new TickCounts();
    third.add(Provider.FOUNDRY, Tally.NONE, SampledTally.NONE, KeySketch.of(words));
    state = next(tests, state, 2, third);
    assertThat(tests.figures(state, false).error().status()).isEqualTo(EvidenceStatus.EXCEEDED);
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
    assertThat(parts.error().mixture().lnE())
        .isCloseTo(whole.error().mixture().lnE(), within(1e-9));
  }

  @Test
  void aStagesMassEntersAtItsFirstStartOnly() {
    SequentialState state = next(tests, tests.start(), 1, errors(0, 0));
    double aSecond = 0.45 / 345_600;
    double afterFirst = 1 - 0.30 - 2 * aSecond;
    assertThat(state.error().rest()).isCloseTo(afterFirst, within(1e-12));
    state = tests.next(state, 2, 1, 2_000, 1_000, errors(0, 0));
    state = tests.next(state, 3, 0, 3_000, 1_000, errors(0, 0));
    state = tests.next(state, 4, 1, 4_000, 1_000, errors(0, 0));
    assertThat(state.error().rest()).isCloseTo(afterFirst - 0.15 - 3 * aSecond, within(1e-12));
  }

  @Test
  void withoutDataTheEvidenceStaysAtZeroThroughThePlan() {
    SequentialState state = tests.start();
    for (int minute = 0; minute < 5_760; minute += 7) {
      state = tests.next(state, state.tick() + 1, 0, minute * 60_000L, 420_000, errors(0, 0));
      assertThat(state.error().mixture().lnE()).isCloseTo(0, within(1e-9));
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
    assertThat(CostBets.logFactor(0, 1, 0)).isEqualTo(Mixture.DECISIVE);
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
    SampledTally sampled = new SampledTally(100, 100, 0, 0, known, unpriced, 0, 0, 100, noWealth());
    SequentialState state = next(tests, tests.start(), 1, counts(sampled, SampledTally.NONE));
    assertThat(tests.figures(state, false).cost().status()).isEqualTo(status);
    assertThat(tests.figures(state, true).cost().status()).isEqualTo(EvidenceStatus.INCONCLUSIVE);
  }

  @Test
  void theComparisonIsMadeInBatchesWithBothArms() {
    SequentialState state = tests.start();
    for (int second = 1; second <= 30; second++) {
      SampledTally canary = second == 12 ? settled(1, 1) : SampledTally.NONE;
      SampledTally baseline = second == 2 ? settled(5, 0) : SampledTally.NONE;
      state = tests.next(state, second, 0, second * 1_000, 1_000, counts(canary, baseline));
      ArmCounts arms = second < 12 ? ArmCounts.NONE : new ArmCounts(1, 1, 5, 0);
      assertThat(state.arms()).isEqualTo(arms);
    }
  }

  @Test
  void aBatchWithOneArmOnlyIsDroppedAfterFiveMinutes() {
    SequentialState state = next(tests, tests.start(), 1, counts(settled(5, 5), SampledTally.NONE));
    state = tests.next(state, 2, 0, 300_000, 300_000, errors(0, 0));
    assertThat(state.pending()).isEqualTo(ArmCounts.NONE);
    assertThat(state.pendingMillis()).isZero();
  }

  @Test
  void aDamagedStateIsRefused() {
    SequentialState.Wealth nan = new SequentialState.Wealth(0.5, List.of(Double.NaN), List.of());
    assertThatThrownBy(nan::mixture).hasMessageContaining("expected: finite");
    SequentialState.Wealth much = new SequentialState.Wealth(1.5, List.of(0.0), List.of());
    assertThatThrownBy(much::mixture).hasMessage("rest: 1.5 (expected: 0..1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", "latency", "cost", "baseline"})
  void aStateWithTooFewBetsIsRefusedWhicheverTestsTheyAre(String name) {
    SequentialState good = tests.start();
    SequentialState.Wealth few =
        new SequentialState.Wealth(1, List.of(0.0), List.of(CusumRun.NONE));
    SequentialState bad =
        new SequentialState(
            1,
            0,
            0,
            name.equals("error") ? few : good.error(),
            name.equals("latency") ? few : good.latency(),
            name.equals("cost") ? few : good.cost(),
            name.equals("baseline") ? few : good.baseline(),
            good.canary(),
            good.arms(),
            good.pending(),
            0,
            good.keys());
    assertThatThrownBy(() -> tests.check(bad)).hasMessageStartingWith(name + ": 1 bets and 1");
  }

  private static EvidenceFigures error(SequentialTests tests, TickCounts counts) {
    return tests.figures(next(tests, tests.start(), 1, counts), false).error();
  }

  private static SequentialState next(
      SequentialTests tests, SequentialState state, long tick, TickCounts counts) {
    return tests.next(state, tick, 0, 1_000, 1_000, counts);
  }

  private static TickCounts errors(long n, long s) {
    return counts(settled(n, s), SampledTally.NONE);
  }

  private static SampledTally settled(long n, long s) {
    return new SampledTally(n, n, s, 0, 0, 0, 0, 0, n, noWealth());
  }

  private static TickCounts counts(SampledTally foundry, SampledTally legacy) {
    TickCounts counts = new TickCounts();
    counts.add(Provider.FOUNDRY, Tally.NONE, foundry, KeySketch.EMPTY);
    counts.add(Provider.LEGACY, Tally.NONE, legacy, KeySketch.EMPTY);
    return counts;
  }

  private static List<Double> noWealth() {
    return Collections.nCopies(CostBets.COUNT, 0.0);
  }
}
