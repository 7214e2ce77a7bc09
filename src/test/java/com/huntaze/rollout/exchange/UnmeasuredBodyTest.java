package com.huntaze.rollout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.exchange.ExchangeEvent.Body;
import com.huntaze.rollout.exchange.ExchangeState.Phase;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A body of unknown length is held until it is whole, but no longer than the hold-back. */
class UnmeasuredBodyTest {
  private static final long HOLD_BACK = 200;

  private final ExchangeWorld world = new ExchangeWorld(0, 9);

  private ExchangeDriver holding(Body body) {
    ExchangeDriver driver =
        new ExchangeDriver(
            world,
            ExchangeWorld.limits(HOLD_BACK),
            ExchangeWorld.terms(Provider.FOUNDRY, true, true),
            List.of());
    driver.tell(new ExchangeEvent.Ready());
    driver.tell(new ExchangeEvent.Sent());
    driver.tell(
        new ExchangeEvent.Answered(
            Meaning.COMPLETE.outcome(), body, ErrorForm.NONE, false, OptionalLong.empty(), false));
    assertThat(driver.state.phase()).isEqualTo(Phase.HOLDING_WHOLE);
    return driver;
  }

  private void arrives(ExchangeDriver driver) {
    world.answerByte();
    driver.tell(new ExchangeEvent.Arriving());
  }

  private void wait(ExchangeDriver driver, long millis) {
    world.pass(millis);
    driver.tell(new ExchangeEvent.DeadlineReached());
  }

  @Test
  void isReleasedTheHoldBackAfterItsFirstByte() {
    ExchangeDriver driver = holding(Body.UNMEASURED);
    wait(driver, 5_000);
    assertThat(driver.state.phase()).isEqualTo(Phase.HOLDING_WHOLE);
    arrives(driver);
    assertThat(ExchangeMachine.deadline(driver.state, world)).isEqualTo(world.millis() + HOLD_BACK);
    wait(driver, HOLD_BACK - 1);
    assertThat(driver.state.phase()).isEqualTo(Phase.HOLDING_WHOLE);
    wait(driver, 1);
    assertThat(driver.state.phase()).isEqualTo(Phase.RELAYING);
  }

  @Test
  void isHeldALittleLongerWhereItsProviderIsDoubtful() {
    ExchangeDriver driver = holding(Body.UNMEASURED);
    world.doubtful = true;
    arrives(driver);
    wait(driver, HOLD_BACK);
    assertThat(driver.state.phase()).isEqualTo(Phase.HOLDING_WHOLE);
    world.doubtful = false;
    driver.tell(new ExchangeEvent.ProbeUp(Provider.FOUNDRY));
    assertThat(driver.state.phase()).isEqualTo(Phase.RELAYING);
  }

  @Test
  void isLeftForAnotherProviderWhileItIsHeld() {
    ExchangeDriver driver = holding(Body.UNMEASURED);
    arrives(driver);
    driver.tell(new ExchangeEvent.Broken(Meaning.TRUNCATED.outcome()));
    assertThat(driver.attempts).hasSizeGreaterThan(0);
    assertThat(driver.state.phase()).isNotEqualTo(Phase.ENDED);
  }

  @Test
  void ofAKnownLengthIsHeldUntilItIsWholeOrSilent() {
    ExchangeDriver driver = holding(Body.UNMEASURED);
    arrives(driver);
    ExchangeDriver measured = holding(Body.WHOLE);
    arrives(measured);
    assertThat(ExchangeMachine.deadline(measured.state, world))
        .isEqualTo(world.millis() + ExchangeWorld.IDLE);
  }

  @Test
  void theTimeOfOneAttemptIsNotTheNextOnes() {
    ExchangeDriver driver = holding(Body.UNMEASURED);
    arrives(driver);
    driver.tell(new ExchangeEvent.Unfit(Meaning.EMPTY_ANSWER.outcome()));
    assertThat(driver.attempts).containsExactly(Provider.FOUNDRY, Provider.LEGACY);
    driver.tell(new ExchangeEvent.Sent());
    driver.tell(
        new ExchangeEvent.Answered(
            Meaning.COMPLETE.outcome(),
            Body.WHOLE,
            ErrorForm.NONE,
            false,
            OptionalLong.empty(),
            false));
    arrives(driver);
    assertThat(ExchangeMachine.deadline(driver.state, world))
        .isEqualTo(world.millis() + ExchangeWorld.IDLE);
  }
}
