package com.huntaze.rollout.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.exchange.ExchangeState.Phase;
import com.huntaze.rollout.provider.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request that no breaker lets through waits for a place, and no longer than for that. */
class PlaceAtABreakerTest {
  private static final long SPREAD_MILLIS = 100;

  private final ExchangeWorld world = new ExchangeWorld(0, 9);

  private ExchangeDriver refused(Provider chosen, boolean fallback) {
    world.open.addAll(List.of(Provider.values()));
    ExchangeDriver driver =
        new ExchangeDriver(
            world,
            ExchangeWorld.limits(200),
            ExchangeWorld.terms(chosen, fallback, true),
            List.of());
    driver.tell(new ExchangeEvent.Ready());
    assertThat(driver.state.phase()).isEqualTo(Phase.WAITING_RETRY);
    assertThat(driver.state.listens()).as("hears of breakers").isTrue();
    return driver;
  }

  /** Tells that a breaker has closed, and gives the time after which its provider is asked. */
  private long asked(ExchangeDriver driver, Provider closed) {
    world.open.remove(closed);
    driver.tell(new ExchangeEvent.BreakerClosed(closed));
    long wait = ExchangeMachine.deadline(driver.state, world) - world.millis();
    world.pass(wait);
    driver.tell(new ExchangeEvent.DeadlineReached());
    assertThat(driver.attempts).containsExactly(closed);
    return wait;
  }

  @Test
  void isTakenAsSoonAsTheBreakerOfTheLastResortCloses() {
    for (double chance : new double[] {0, 0.5, 1}) {
      world.chance = chance;
      assertThat(asked(refused(Provider.LEGACY, false), Provider.LEGACY))
          .isLessThanOrEqualTo(SPREAD_MILLIS);
    }
  }

  @Test
  void isTakenAtWhicheverProviderIsBackFirst() {
    for (Provider back : Provider.values()) {
      assertThat(asked(refused(Provider.FOUNDRY, true), back)).isLessThanOrEqualTo(SPREAD_MILLIS);
    }
  }

  @Test
  void isNotTakenAtAFoundryThatWasRolledBackMeanwhile() {
    ExchangeDriver driver = refused(Provider.FOUNDRY, true);
    world.withdrawn = true;
    long before = ExchangeMachine.deadline(driver.state, world);
    driver.tell(new ExchangeEvent.BreakerClosed(Provider.FOUNDRY));
    assertThat(ExchangeMachine.deadline(driver.state, world)).isEqualTo(before);
  }

  @Test
  void isNotTakenAtAProviderThatMayNotAnswerTheRequest() {
    ExchangeDriver driver = refused(Provider.FOUNDRY, false);
    long before = ExchangeMachine.deadline(driver.state, world);
    driver.tell(new ExchangeEvent.BreakerClosed(Provider.LEGACY));
    assertThat(ExchangeMachine.deadline(driver.state, world)).isEqualTo(before);
  }

  @Test
  void makesNoWaitLonger() {
    ExchangeDriver driver = refused(Provider.LEGACY, false);
    long due = ExchangeMachine.deadline(driver.state, world);
    world.pass(due - world.millis() - 1);
    world.chance = 1;
    driver.tell(new ExchangeEvent.BreakerClosed(Provider.LEGACY));
    assertThat(ExchangeMachine.deadline(driver.state, world)).isEqualTo(due);
  }
}
