package com.huntaze.rollout.exchange;

import static com.huntaze.rollout.provider.Provider.FOUNDRY;
import static com.huntaze.rollout.provider.Provider.LEGACY;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.exchange.ExchangeState.Phase;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Next;
import com.huntaze.rollout.outcome.Outcome;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client is not blamed for what the proxy added, nor for what legacy does not know. */
class BlameTest {
  private final ExchangeWorld world = new ExchangeWorld(0, 0);
  private final ExchangeDriver driver =
      new ExchangeDriver(
          world, ExchangeWorld.limits(200), ExchangeWorld.terms(FOUNDRY, true, true), List.of());

  private void answered(Outcome outcome, boolean optionRefused) {
    driver.tell(new ExchangeEvent.Sent());
    driver.tell(
        new ExchangeEvent.Answered(
            outcome,
            ExchangeEvent.Body.WHOLE,
            ErrorForm.NONE,
            outcome.next() != Next.RELAY,
            OptionalLong.empty(),
            optionRefused));
  }

  @Test
  void aRefusedOptionIsLeftOutOnceAndWithoutABudget() {
    driver.tell(new ExchangeEvent.Ready());
    answered(Meaning.CALLER_ERROR.outcome(400), true);
    assertThat(driver.attempts).containsExactly(FOUNDRY, FOUNDRY);
    assertThat(driver.settled).containsExactly(Meaning.OPTION_REFUSED.outcome());
    assertThat(driver.state.plain(FOUNDRY)).isTrue();
    assertThat(driver.state.foundryAttempts).isEqualTo(1);
    answered(Meaning.CALLER_ERROR.outcome(400), true);
    assertThat(driver.attempts).as("once").hasSize(2);
    assertThat(driver.state.phase()).isEqualTo(Phase.HOLDING_WHOLE);
    assertThat(driver.run().settled).last().isEqualTo(Meaning.COMPLETE.outcome());
  }

  @Test
  void aRefusalOfSomethingElsePasses() {
    driver.tell(new ExchangeEvent.Ready());
    answered(Meaning.CALLER_ERROR.outcome(400), false);
    assertThat(driver.attempts).hasSize(1);
    assertThat(driver.state.phase()).isEqualTo(Phase.HOLDING_WHOLE);
  }

  @Test
  void aRequestThatIsNotKeptIsNotSentAgain() {
    world.bodyKept = false;
    driver.tell(new ExchangeEvent.Ready());
    answered(Meaning.CALLER_ERROR.outcome(400), true);
    assertThat(driver.attempts).hasSize(1);
  }

  /** Foundry fails, its response is kept or not, and legacy answers. */
  private void behindAFailure(Outcome foundry, boolean kept, Outcome legacy) {
    driver.tell(new ExchangeEvent.Ready());
    answered(foundry, false);
    driver.tell(new ExchangeEvent.Kept(kept, foundry));
    assertThat(driver.attempts).containsExactly(FOUNDRY, LEGACY);
    answered(legacy, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 405})
  void legacysRefusalNeverReplacesFoundrysFailure(int status) {
    behindAFailure(Meaning.SERVER_ERROR.outcome(501), true, Meaning.CALLER_ERROR.outcome(status));
    assertThat(driver.ending).isEqualTo(ExchangeDriver.Ending.KEPT);
    assertThat(driver.settled).last().isEqualTo(Meaning.CALLER_ERROR.outcome(status));
  }

  @Test
  void norDoesItsIgnorance() {
    behindAFailure(Meaning.TRANSIENT_STATUS.outcome(503), true, Meaning.NOT_FOUND.outcome());
    assertThat(driver.ending).isEqualTo(ExchangeDriver.Ending.KEPT);
  }

  @Test
  void norTheRefusalOfOurCredential() {
    behindAFailure(
        Meaning.TRANSIENT_STATUS.outcome(503), true, Meaning.CREDENTIAL_REFUSED.outcome(401));
    assertThat(driver.ending).isEqualTo(ExchangeDriver.Ending.KEPT);
  }

  @Test
  void aFailureThatWasNotKeptIsToldInOurWords() {
    behindAFailure(Meaning.TRANSIENT_STATUS.outcome(500), false, Meaning.NOT_FOUND.outcome());
    assertThat(driver.ending).isEqualTo(ExchangeDriver.Ending.GIVEN_UP);
    assertThat(driver.code).isEqualTo(ErrorCode.FALLBACK_FAILED);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void whatTheClientCanMendPasses(int status) {
    behindAFailure(
        Meaning.TRANSIENT_STATUS.outcome(503), true, Meaning.CALLER_ERROR.outcome(status));
    assertThat(driver.state.phase()).isEqualTo(Phase.HOLDING_WHOLE);
  }
}
