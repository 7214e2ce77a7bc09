package com.huntaze.rollout.exchange;

import static com.huntaze.rollout.provider.Provider.FOUNDRY;
import static com.huntaze.rollout.provider.Provider.LEGACY;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The repetitions of a request, and the word on one more by its client. */
class RepetitionsTest {
  private static final OptionalLong NO_HINT = OptionalLong.empty();
  private static final Outcome DOWN = Meaning.TRANSIENT_STATUS.outcome(503);
  private static final Outcome CROWDED = Outcome.unreachable(UnreachableCause.POOL_FULL);

  private static ExchangeDriver driver(ExchangeTerms terms, Fate... fates) {
    ExchangeDriver driver =
        new ExchangeDriver(
            new ExchangeWorld(0, 10), ExchangeWorld.limits(200), terms, List.of(fates));
    driver.tell(new ExchangeEvent.Ready());
    return driver;
  }

  private static ExchangeTerms terms(Provider chosen, boolean fallback) {
    return ExchangeWorld.terms(chosen, fallback, true);
  }

  private static void fails(ExchangeDriver driver, Outcome outcome, OptionalLong hint) {
    driver.tell(new ExchangeEvent.Sent());
    driver.tell(
        new ExchangeEvent.Answered(
            outcome, ExchangeEvent.Body.WHOLE, ErrorForm.NONE, true, hint, false));
    driver.tell(new ExchangeEvent.Kept(true, outcome));
    if (driver.state.phase() == ExchangeState.Phase.WAITING_RETRY) {
      long at = ExchangeMachine.deadline(driver.state, driver.world);
      driver.world.pass(at - driver.world.millis());
      driver.tell(new ExchangeEvent.DeadlineReached());
    }
  }

  @Test
  void oneAttemptIsNoRepetition() {
    ExchangeState state = driver(terms(LEGACY, false)).state;
    assertThat(state.asked()).isEqualTo(1);
    assertThat(state.exhausted(LEGACY, NO_HINT)).isFalse();
  }

  @Test
  void aRetryIs() {
    ExchangeDriver driver = driver(terms(LEGACY, false));
    fails(driver, DOWN, NO_HINT);
    assertThat(driver.state.asked()).isEqualTo(2);
    assertThat(driver.state.exhausted(LEGACY, NO_HINT)).isTrue();
  }

  @Test
  void soIsAFailover() {
    ExchangeDriver driver = driver(terms(FOUNDRY, true));
    for (int i = 0; i <= ExchangeWorld.MAX_RETRIES; i++) {
      fails(driver, DOWN, NO_HINT);
    }
    assertThat(driver.attempts).containsExactly(FOUNDRY, FOUNDRY, FOUNDRY, LEGACY);
    assertThat(driver.state.asked()).isEqualTo(4);
    assertThat(driver.state.exhausted(LEGACY, NO_HINT)).isTrue();
  }

  @Test
  void aWishThatWasGrantedIsNoLongerOne() {
    ExchangeDriver driver = driver(terms(LEGACY, false));
    fails(driver, DOWN, OptionalLong.of(2_000));
    assertThat(driver.state.exhausted(LEGACY, OptionalLong.of(2_000))).isTrue();
    assertThat(driver.state.exhausted(LEGACY, OptionalLong.of(60_000))).isFalse();
    assertThat(driver.state.exhausted(FOUNDRY, OptionalLong.of(2_000)))
        .as("Foundry was given no time")
        .isFalse();
  }

  @Test
  void whatMayNotBeRepeatedWasNot() {
    ExchangeDriver driver =
        driver(
            ExchangeWorld.terms(FOUNDRY, true, false),
            new Fate(Fate.Until.ACQUIRING, Fate.End.BREAKS));
    driver.tell(new ExchangeEvent.Lost(Outcome.unreachable(UnreachableCause.CONNECT_REFUSED)));
    assertThat(driver.attempts).containsExactly(FOUNDRY, LEGACY);
    assertThat(driver.state.asked()).isEqualTo(2);
    assertThat(driver.state.exhausted(LEGACY, NO_HINT)).isFalse();
  }

  @Test
  void whoFindsNoConnectionHasAskedNobody() {
    ExchangeDriver driver = driver(terms(FOUNDRY, true));
    driver.tell(new ExchangeEvent.Lost(CROWDED));
    assertThat(driver.attempts).containsExactly(FOUNDRY, LEGACY);
    assertThat(driver.state.asked()).isEqualTo(1);
    driver.tell(new ExchangeEvent.Lost(CROWDED));
    assertThat(driver.state.asked()).isZero();
    assertThat(driver.state.exhausted(LEGACY, NO_HINT)).isFalse();
  }

  @Test
  void whatWeHaveAddedIsLeftOutWithoutBeingARepetition() {
    ExchangeDriver driver = driver(terms(FOUNDRY, true));
    driver.tell(new ExchangeEvent.Sent());
    driver.tell(
        new ExchangeEvent.Answered(
            Meaning.CALLER_ERROR.outcome(400),
            ExchangeEvent.Body.WHOLE,
            ErrorForm.NONE,
            true,
            NO_HINT,
            true));
    assertThat(driver.attempts).containsExactly(FOUNDRY, FOUNDRY);
    assertThat(driver.state.asked()).as("sent").isEqualTo(2);
    assertThat(driver.state.exhausted(FOUNDRY, NO_HINT)).isFalse();
  }

  @Test
  void aClientThatRepeatsIsRepeatedForByNobodyElse() {
    ExchangeTerms plain = terms(FOUNDRY, true);
    ExchangeDriver driver =
        driver(new ExchangeTerms(plain.chosen(), true, true, false, false, false, true));
    fails(driver, DOWN, NO_HINT);
    fails(driver, DOWN, NO_HINT);
    assertThat(driver.attempts).containsExactly(FOUNDRY, LEGACY);
    assertThat(driver.state.phase()).as("it passes").isEqualTo(ExchangeState.Phase.HOLDING_WHOLE);
  }
}
