package com.huntaze.rollout.failover;

import static com.huntaze.rollout.failover.ErrorCode.FALLBACK_FAILED;
import static com.huntaze.rollout.failover.ErrorCode.FOUNDRY_UNAVAILABLE;
import static com.huntaze.rollout.failover.ErrorCode.OVERLOADED;
import static com.huntaze.rollout.failover.ErrorCode.TIMEOUT;
import static com.huntaze.rollout.provider.Provider.FOUNDRY;
import static com.huntaze.rollout.provider.Provider.LEGACY;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.failover.NextStep.AskAgain;
import com.huntaze.rollout.failover.NextStep.FailOver;
import com.huntaze.rollout.failover.NextStep.GiveUp;
import com.huntaze.rollout.failover.NextStep.Relay;
import com.huntaze.rollout.failover.NextStep.Retry;
import com.huntaze.rollout.failover.NextStep.Stop;
import com.huntaze.rollout.failover.NextStep.TryFoundry;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailoverPolicyTest {
  private static final Outcome TRANSIENT = Meaning.TRANSIENT_STATUS.outcome(503);
  private static final Outcome REFUSED = Outcome.unreachable(UnreachableCause.CONNECT_REFUSED);
  private static final Outcome POOL_FULL = Outcome.unreachable(UnreachableCause.POOL_FULL);
  private static final Outcome REFUSAL = Meaning.BREAKER_OPEN.outcome();
  private static final Outcome SILENT = Meaning.FIRST_CONTENT.outcome();

  private final RetryPolicy retry =
      new RetryPolicy(new RetrySettings(3, Duration.ofMillis(250), 2.0, 0.1));
  private final FailoverPolicy policy =
      new FailoverPolicy(retry, retry, new Deadlines(55_000, 20_000));

  private NextStep next(Situation situation) {
    return policy.next(situation.attempt(), 0.5, () -> true);
  }

  /** Every row of the outcome table at Foundry: with legacy behind it, and without. */
  static Stream<Arguments> foundry() {
    return Stream.of(
        Arguments.of(TRANSIENT, new Retry(250), new Retry(250)),
        Arguments.of(Meaning.RESET.outcome(), new Retry(250), new Retry(250)),
        Arguments.of(Meaning.TRUNCATED.outcome(), new Retry(250), new Retry(250)),
        Arguments.of(Meaning.ERROR_EVENT.outcome(), new Retry(250), new Retry(250)),
        Arguments.of(Meaning.INCOMPLETE.outcome(), new Retry(250), new Retry(250)),
        Arguments.of(Meaning.JUNK.outcome(), new Retry(250), new Retry(250)),
        Arguments.of(REFUSED, new FailOver(), new Retry(250)),
        Arguments.of(POOL_FULL, new FailOver(), new GiveUp(OVERLOADED)),
        Arguments.of(SILENT, new FailOver(), new GiveUp(TIMEOUT)),
        Arguments.of(Meaning.IDLE.outcome(), new FailOver(), new GiveUp(FOUNDRY_UNAVAILABLE)),
        Arguments.of(Meaning.PROBE_DOWN.outcome(), new FailOver(), new GiveUp(FOUNDRY_UNAVAILABLE)),
        Arguments.of(Meaning.BREAKER_OPEN.outcome(), new FailOver(), new AskAgain(FOUNDRY, 250)),
        Arguments.of(
            Meaning.CREDENTIAL_REFUSED.outcome(401),
            new FailOver(),
            new GiveUp(FOUNDRY_UNAVAILABLE)),
        Arguments.of(
            Meaning.SERVER_ERROR.outcome(501), new FailOver(), new GiveUp(FOUNDRY_UNAVAILABLE)),
        Arguments.of(
            Meaning.EMPTY_ANSWER.outcome(), new FailOver(), new GiveUp(FOUNDRY_UNAVAILABLE)),
        Arguments.of(
            Meaning.MALFORMED_ANSWER.outcome(), new FailOver(), new GiveUp(FOUNDRY_UNAVAILABLE)),
        Arguments.of(Meaning.WORDLESS.outcome(), new Relay(), new Relay()),
        Arguments.of(Meaning.THROTTLED.outcome(), new FailOver(), new GiveUp(FOUNDRY_UNAVAILABLE)),
        Arguments.of(Meaning.STREAM.outcome(), new GiveUp(TIMEOUT), new GiveUp(TIMEOUT)),
        Arguments.of(Meaning.COMPLETE.outcome(), new Relay(), new Relay()),
        Arguments.of(Meaning.CONTENT_FILTERED.outcome(), new Relay(), new Relay()),
        Arguments.of(Meaning.NOT_FOUND.outcome(), new Relay(), new Relay()),
        Arguments.of(Meaning.CALLER_ERROR.outcome(422), new Relay(), new Relay()),
        Arguments.of(Meaning.CLIENT_GONE.outcome(), new Stop(), new Stop()));
  }

  @ParameterizedTest
  @MethodSource("foundry")
  void followsTheTableAtFoundry(Outcome outcome, NextStep withLegacy, NextStep alone) {
    Situation situation = Situation.of(FOUNDRY, outcome);
    assertThat(next(situation)).isEqualTo(withLegacy);
    assertThat(next(situation.withoutFallback())).isEqualTo(alone);
  }

  @ParameterizedTest
  @MethodSource("foundry")
  void asksAnOpenLegacyOnlyWhenFoundryIsNotTriedAgain(
      Outcome outcome, NextStep withLegacy, NextStep alone) {
    NextStep step = next(Situation.of(FOUNDRY, outcome).withLegacyOpen());
    assertThat(step).isEqualTo(alone instanceof Retry ? alone : withLegacy);
  }

  /** Every kind of next at legacy, which never fails over. */
  static Stream<Arguments> legacy() {
    return Stream.of(
        Arguments.of(TRANSIENT, new Retry(250)),
        Arguments.of(REFUSED, new Retry(250)),
        Arguments.of(POOL_FULL, new GiveUp(FALLBACK_FAILED)),
        Arguments.of(SILENT, new GiveUp(FALLBACK_FAILED)),
        Arguments.of(Meaning.CREDENTIAL_REFUSED.outcome(401), new GiveUp(FALLBACK_FAILED)),
        Arguments.of(Meaning.THROTTLED.outcome(), new GiveUp(FALLBACK_FAILED)),
        Arguments.of(Meaning.NOT_FOUND.outcome(), new Relay()),
        Arguments.of(Meaning.CLIENT_GONE.outcome(), new Stop()));
  }

  @ParameterizedTest
  @MethodSource("legacy")
  void retriesLegacyLikewiseButNeverFailsOverFromIt(Outcome outcome, NextStep step) {
    assertThat(next(Situation.of(LEGACY, outcome).after(1, 1))).isEqualTo(step);
  }

  @Test
  void aClientThatRepeatsGetsNoRetriesButTheOtherProvider() {
    Situation situation = Situation.of(FOUNDRY, TRANSIENT).repeatedByClient();
    assertThat(next(situation)).isEqualTo(new FailOver());
    assertThat(next(situation.hinted(10))).isEqualTo(new FailOver());
    assertThat(next(situation.after(1, 1).answered())).isEqualTo(new FailOver());
    Situation legacy = Situation.of(LEGACY, TRANSIENT).after(1, 1).repeatedByClient().answered();
    assertThat(next(legacy)).isEqualTo(new Relay());
    Situation throttled = Situation.of(FOUNDRY, Meaning.THROTTLED.outcome()).repeatedByClient();
    assertThat(next(throttled.hinted(10))).isEqualTo(new FailOver());
  }

  @Test
  void doublesTheDelayAndFailsOverAfterTheLastRetry() {
    Situation situation = Situation.of(FOUNDRY, TRANSIENT);
    assertThat(next(situation.after(2, 0))).isEqualTo(new Retry(500));
    assertThat(next(situation.after(3, 0))).isEqualTo(new Retry(1_000));
    assertThat(next(situation.after(4, 0))).isEqualTo(new FailOver());
  }

  @Test
  void neitherRetriesNorFailsOverWhatMustNotBeSentTwice() {
    Situation situation = Situation.of(FOUNDRY, TRANSIENT).sentOnce();
    assertThat(next(situation)).isEqualTo(new GiveUp(FOUNDRY_UNAVAILABLE));
    assertThat(next(situation.answered())).isEqualTo(new Relay());
  }

  @Test
  void failsOverInsteadOfRetryingWhenTheBreakerHasOpened() {
    Situation situation = Situation.of(FOUNDRY, TRANSIENT).withBreakerOpen();
    assertThat(next(situation)).isEqualTo(new FailOver());
    assertThat(next(situation.withoutFallback().answered())).isEqualTo(new Relay());
  }

  @Test
  void leavesAFoundryAloneThatWasRolledBackMeanwhile() {
    Situation situation = Situation.of(FOUNDRY, TRANSIENT).withdrawn();
    assertThat(next(situation)).isEqualTo(new FailOver());
    Situation throttled = Situation.of(FOUNDRY, Meaning.THROTTLED.outcome()).hinted(2_000);
    assertThat(next(throttled.withdrawn())).isEqualTo(new FailOver());
    assertThat(policy.stillRetries(situation.attempt())).isFalse();
    assertThat(policy.stillRetries(Situation.of(FOUNDRY, TRANSIENT).attempt())).isTrue();
  }

  @Test
  void asksARolledBackFoundryAgainWhereNobodyElseCanAnswer() {
    Situation situation = Situation.of(FOUNDRY, TRANSIENT).withdrawn();
    for (Situation alone : List.of(situation.withoutFallback(), situation.withLegacyOpen())) {
      assertThat(next(alone)).isEqualTo(new Retry(250));
      assertThat(policy.stillRetries(alone.attempt())).isTrue();
    }
  }

  @Test
  void failsOverWithoutBudget() {
    FailedAttempt attempt = Situation.of(FOUNDRY, TRANSIENT).attempt();
    assertThat(policy.next(attempt, 0.5, () -> false)).isEqualTo(new FailOver());
  }

  @Test
  void keepsTheReserveForLegacy() {
    Situation situation = Situation.of(FOUNDRY, TRANSIENT);
    assertThat(next(situation.at(34_749))).isEqualTo(new Retry(250));
    assertThat(next(situation.at(34_750))).isEqualTo(new FailOver());
    assertThat(next(situation.withoutFallback().at(34_750))).isEqualTo(new Retry(250));
  }

  @Test
  void waitsForAHintThatFits() {
    Situation situation = Situation.of(FOUNDRY, Meaning.THROTTLED.outcome()).answered();
    assertThat(next(situation.hinted(2_000))).isEqualTo(new Retry(2_100));
    assertThat(next(situation.hinted(40_000))).isEqualTo(new FailOver());
    assertThat(next(situation.hinted(40_000).withoutFallback())).isEqualTo(new Retry(42_000));
    assertThat(next(situation.hinted(55_000).withoutFallback())).isEqualTo(new Relay());
  }

  @Test
  void passesOn429WithoutHintAndWithoutLegacy() {
    Situation situation = Situation.of(FOUNDRY, Meaning.THROTTLED.outcome()).answered();
    assertThat(next(situation.withoutFallback())).isEqualTo(new Relay());
    assertThat(next(Situation.of(LEGACY, Meaning.THROTTLED.outcome()).withoutFallback().answered()))
        .isEqualTo(new Relay());
  }

  @Test
  void relaysTheLastAnswerWhenThereIsOne() {
    assertThat(next(Situation.of(LEGACY, TRANSIENT).after(4, 4).answered())).isEqualTo(new Relay());
    assertThat(next(Situation.of(LEGACY, SILENT).after(4, 1).answered())).isEqualTo(new Relay());
  }

  @Test
  void tellsOfTheDeadlineOnceItHasPassed() {
    Situation late = Situation.of(FOUNDRY, TRANSIENT).at(55_000);
    assertThat(next(late)).isEqualTo(new GiveUp(TIMEOUT));
    assertThat(next(late.withoutFallback())).isEqualTo(new GiveUp(TIMEOUT));
  }

  @Test
  void triesFoundryWhenItsBreakerRefusedItAndLegacyHasFailed() {
    for (Outcome outcome : List.of(REFUSED, SILENT, Meaning.SERVER_ERROR.outcome(501), REFUSAL)) {
      Situation failed = Situation.of(LEGACY, outcome).withBreakerOpen();
      assertThat(next(failed)).isEqualTo(new TryFoundry());
      assertThat(next(failed.answered())).isEqualTo(new TryFoundry());
    }
  }

  @Test
  void triesFoundryNeitherInModeLegacyNorAfterARollbackNorTwice() {
    Situation failed = Situation.of(LEGACY, TRANSIENT).withBreakerOpen();
    assertThat(next(failed.withoutFallback())).isEqualTo(new GiveUp(FOUNDRY_UNAVAILABLE));
    assertThat(next(failed.withdrawn())).isEqualTo(new GiveUp(FALLBACK_FAILED));
    assertThat(next(failed.after(1, 1))).isEqualTo(new GiveUp(FALLBACK_FAILED));
    assertThat(next(failed.returned())).isEqualTo(new GiveUp(FALLBACK_FAILED));
    assertThat(next(failed.sentOnce())).isEqualTo(new GiveUp(FALLBACK_FAILED));
    assertThat(next(failed.at(55_000))).isEqualTo(new GiveUp(FALLBACK_FAILED));
  }

  @Test
  void leavesASecondChanceThatWasRolledBackMeanwhile() {
    Situation failed = Situation.of(FOUNDRY, TRANSIENT).after(1, 1).returned();
    assertThat(next(failed)).isEqualTo(new Retry(250));
    assertThat(next(failed.withdrawn())).isEqualTo(new GiveUp(FALLBACK_FAILED));
    Situation waits = Situation.of(FOUNDRY, REFUSAL).after(0, 1).returned();
    assertThat(next(waits)).isEqualTo(new AskAgain(FOUNDRY, 250));
    assertThat(next(waits.withdrawn())).isEqualTo(new GiveUp(FALLBACK_FAILED));
    assertThat(policy.stillRetries(waits.attempt())).isTrue();
    assertThat(policy.stillRetries(waits.withdrawn().attempt())).isFalse();
  }

  @Test
  void waitsForAPlaceAtTheLastResortThreeTimesAtMost() {
    Situation refused = Situation.of(LEGACY, REFUSAL).after(0, 0).withoutFallback();
    assertThat(next(refused)).isEqualTo(new AskAgain(LEGACY, 250));
    assertThat(next(refused.waited(2))).isEqualTo(new AskAgain(LEGACY, 1_000));
    assertThat(next(refused.waited(3))).isEqualTo(new GiveUp(FOUNDRY_UNAVAILABLE));
    assertThat(next(refused.waited(3).answered())).isEqualTo(new Relay());
    assertThat(next(refused.at(54_750))).isEqualTo(new GiveUp(FOUNDRY_UNAVAILABLE));
  }

  @Test
  void waitsForLegacyWhereBothBreakersRefuseAndNeitherWasAsked() {
    Situation both = Situation.of(FOUNDRY, REFUSAL).after(0, 0).returned();
    assertThat(next(both)).isEqualTo(new AskAgain(LEGACY, 250));
    assertThat(next(both.withdrawn())).isEqualTo(new AskAgain(LEGACY, 250));
    assertThat(next(both.waited(3))).isEqualTo(new GiveUp(FOUNDRY_UNAVAILABLE));
  }

  @Test
  void waitsForLegacyWhereItHasNotBeenAskedAndTheSecondChanceFailed() {
    Situation failed =
        Situation.of(FOUNDRY, TRANSIENT).after(1, 0).returned().withBreakerOpen().answered();
    assertThat(next(failed)).isEqualTo(new AskAgain(LEGACY, 250));
    assertThat(next(failed.withdrawn())).isEqualTo(new AskAgain(LEGACY, 250));
    assertThat(next(failed.waited(2))).isEqualTo(new AskAgain(LEGACY, 1_000));
    assertThat(next(failed.waited(3))).isEqualTo(new Relay());
    assertThat(next(failed.at(54_750))).isEqualTo(new Relay());
    assertThat(next(failed.sentOnce())).isEqualTo(new Relay());
    Situation refusedAgain = Situation.of(LEGACY, REFUSAL).after(1, 0).waited(1).answered();
    assertThat(next(refusedAgain)).isEqualTo(new AskAgain(LEGACY, 500));
  }

  @Test
  void saysThatAFallbackFailedOnlyWhereOneWasMade() {
    Situation alone = Situation.of(LEGACY, REFUSED).after(0, 4).withoutFallback();
    assertThat(next(alone)).isEqualTo(new GiveUp(FOUNDRY_UNAVAILABLE));
    Situation silent = Situation.of(LEGACY, SILENT).withoutFallback();
    assertThat(next(silent)).isEqualTo(new GiveUp(TIMEOUT));
    assertThat(next(Situation.of(LEGACY, REFUSED).after(1, 4)))
        .isEqualTo(new GiveUp(FALLBACK_FAILED));
  }

  @Test
  void failsOverFromA429WithinTheBudgetOrWhileLegacyAnswers() {
    Situation throttled = Situation.of(FOUNDRY, Meaning.THROTTLED.outcome()).answered();
    Situation both = throttled.withLegacyThrottled();
    assertThat(policy.next(throttled.attempt(), 0.5, () -> false)).isEqualTo(new FailOver());
    assertThat(policy.next(both.attempt(), 0.5, () -> true)).isEqualTo(new FailOver());
    assertThat(policy.next(both.attempt(), 0.5, () -> false)).isEqualTo(new Relay());
    Situation hinted = both.hinted(100);
    assertThat(policy.next(hinted.attempt(), 0.5, () -> false)).isEqualTo(new Relay());
  }

  @Test
  void blamesOurPoolOnlyWhenNothingElseWasTried() {
    assertThat(next(Situation.of(LEGACY, POOL_FULL).after(0, 1).withoutFallback()))
        .isEqualTo(new GiveUp(OVERLOADED));
    assertThat(next(Situation.of(FOUNDRY, POOL_FULL).after(2, 0).withoutFallback()))
        .isEqualTo(new GiveUp(FOUNDRY_UNAVAILABLE));
  }

  @Test
  void endsFoundrysPartEarlyOnlyWhereLegacyCanTakeOver() {
    assertThat(policy.attemptDeadline(FOUNDRY, 1_000, true)).isEqualTo(36_000);
    assertThat(policy.attemptDeadline(FOUNDRY, 1_000, false)).isEqualTo(56_000);
    assertThat(policy.attemptDeadline(LEGACY, 1_000, true)).isEqualTo(56_000);
  }
}
