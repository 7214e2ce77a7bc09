package com.huntaze.rollout.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.failover.TrialPace;
import com.huntaze.rollout.outcome.BreakerResult;
import com.huntaze.rollout.outcome.OutcomeClassifier;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/**
 * The breaker on a context and with timers that the test turns by hand: what it does when, and in
 * which order, without waiting.
 */
class ProviderBreakerTest {
  private static final Duration RESET = Duration.ofSeconds(7);

  /** A timer that was started. */
  private record Timer(long millis, Handler<Long> handler) {}

  private final Queue<Handler<Void>> turns = new ArrayDeque<>();
  private final List<Timer> timers = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final ProviderBreaker breaker =
      new ProviderBreaker(
          played(Vertx.class), played(Context.class), Provider.FOUNDRY, every(RESET), this::tell);

  private static CircuitBreakerSettings every(Duration reset) {
    return new CircuitBreakerSettings(1, reset);
  }

  /** A Vert.x and a context of which only timers and turns are needed; neither runs by itself. */
  @SuppressWarnings("unchecked")
  private <T> T played(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "setTimer" ->
                    timers.add(new Timer((Long) arguments[0], (Handler<Long>) arguments[1]));
                case "runOnContext" -> turns.add((Handler<Void>) arguments[0]);
                default ->
                    throw new AssertionError("call: " + method + " (expected: timers and turns)");
              }
              return method.getReturnType() == long.class ? (Object) (long) timers.size() : null;
            }));
  }

  private void tell(Provider provider, BreakerState state) {
    told.add(provider.label() + " " + state.getClass().getSimpleName());
  }

  private void turn() {
    while (!turns.isEmpty()) {
      turns.remove().handle(null);
    }
  }

  private void fail() {
    breaker.admit(Standing.REPLACEABLE, 1, false).failed();
  }

  private void elapse(int timer) {
    timers.get(timer).handler().handle(0L);
  }

  @Test
  void opensOnAnyThreadAndStartsItsTimerOnTheHomeContext() {
    fail();
    assertThat(breaker.state()).isInstanceOf(BreakerState.Open.class);
    assertThat(timers).isEmpty();
    assertThat(told).isEmpty();
    turn();
    assertThat(timers).extracting(Timer::millis).containsExactly(RESET.toMillis());
    assertThat(told).containsExactly("foundry Open");
  }

  @Test
  void halfOpensWhenItsTimeIsOver() {
    fail();
    turn();
    elapse(0);
    assertThat(breaker.state()).isInstanceOf(BreakerState.HalfOpen.class);
    assertThat(told).containsExactly("foundry Open", "foundry HalfOpen");
    assertThat(breaker.admit(Standing.REPLACEABLE, 1, false)).isNotNull();
    assertThat(breaker.admit(Standing.REPLACEABLE, 1, false)).isNull();
  }

  @Test
  void theTrialIsAnotherUsersWhereOneHasComeLately() {
    breaker.admit(Standing.REPLACEABLE, 2, false).succeeded();
    fail();
    turn();
    elapse(0);
    assertThat(breaker.state().users().count()).isEqualTo(1);
    assertThat(breaker.usersLately()).isEqualTo(2);
    assertThat(breaker.admit(Standing.REPLACEABLE, 1, false)).isNull();
    assertThat(breaker.admit(Standing.LAST_RESORT, 1, false)).isNotNull();
    assertThat(breaker.admit(Standing.LAST_RESORT, 2, false)).isNotNull();
  }

  @Test
  void aRetryOfAnExchangeThatHasFailedOpensNothing() {
    breaker.configure(new CircuitBreakerSettings(2, RESET), false);
    fail();
    breaker.admit(Standing.REPLACEABLE, 1, true).failed();
    assertThat(breaker.state()).isInstanceOf(BreakerState.Closed.class);
    fail();
    assertThat(breaker.state()).isInstanceOf(BreakerState.Open.class);
  }

  @Test
  void anAttemptUnderWayWhenItOpensIsKnownBySuccessAndFailureAlike() {
    BreakerPermit before = breaker.admit(Standing.REPLACEABLE, 2, false);
    BreakerPermit opens = breaker.admit(Standing.REPLACEABLE, 1, false);
    assertThat(opens.openedSince()).isFalse();
    opens.failed();
    assertThat(before.openedSince()).isTrue();
    turn();
    elapse(0);
    BreakerPermit trial = breaker.admit(Standing.REPLACEABLE, 2, false);
    assertThat(trial.openedSince()).isFalse();
    trial.succeeded();
    assertThat(before.openedSince()).isTrue();
    assertThat(breaker.admit(Standing.REPLACEABLE, 2, false).openedSince()).isFalse();
  }

  @Test
  void backoffStartsTheTimerOfEachOpening() {
    breaker.configure(
        new CircuitBreakerSettings(1, Duration.ofSeconds(3), TrialPace.BACKOFF), false);
    for (int opening = 0; opening < 4; opening++) {
      fail();
      turn();
      elapse(opening);
    }
    assertThat(timers).extracting(Timer::millis).containsExactly(1_000L, 2_000L, 3_000L, 3_000L);
  }

  @Test
  void closesWithoutATimer() {
    fail();
    turn();
    elapse(0);
    breaker.admit(Standing.REPLACEABLE, 1, false).succeeded();
    turn();
    assertThat(told).containsExactly("foundry Open", "foundry HalfOpen", "foundry Closed");
    assertThat(timers).hasSize(1);
  }

  @Test
  void aFailedTrialOpensItForANewTime() {
    fail();
    turn();
    elapse(0);
    fail();
    turn();
    elapse(1);
    assertThat(breaker.state()).isInstanceOf(BreakerState.HalfOpen.class);
    assertThat(told)
        .containsExactly("foundry Open", "foundry HalfOpen", "foundry Open", "foundry HalfOpen");
  }

  @Test
  void aLastResortClosesItWhileItIsOpenAndTheTimerThatIsLeftChangesNothing() {
    fail();
    turn();
    breaker.admit(Standing.LAST_RESORT, 1, false).succeeded();
    turn();
    fail();
    turn();
    BreakerState opened = breaker.state();
    elapse(0);
    assertThat(breaker.state()).isSameAs(opened);
    assertThat(told).containsExactly("foundry Open", "foundry Closed", "foundry Open");
    elapse(1);
    assertThat(breaker.state()).isInstanceOf(BreakerState.HalfOpen.class);
  }

  @Test
  void aTurnThatWasOvertakenFollowsTheStateOfNow() {
    fail();
    breaker.admit(Standing.LAST_RESORT, 1, false).succeeded();
    turn();
    assertThat(timers).isEmpty();
    assertThat(told).containsOnly("foundry Closed");
  }

  @Test
  void countingTellsNobodyAnything() {
    breaker.configure(new CircuitBreakerSettings(3, RESET), false);
    fail();
    breaker.admit(Standing.REPLACEABLE, 1, false).succeeded();
    fail();
    turn();
    assertThat(told).isEmpty();
  }

  @Test
  void anotherAddressClosesItAndSaysSo() {
    fail();
    turn();
    breaker.configure(every(RESET), true);
    assertThat(breaker.state()).isInstanceOf(BreakerState.Closed.class);
    assertThat(told).containsExactly("foundry Open", "foundry Closed");
    breaker.configure(every(RESET), true);
    assertThat(told).hasSize(2);
  }

  @Test
  void aChangedTimeHoldsFromTheNextTime() {
    fail();
    turn();
    breaker.configure(every(RESET.multipliedBy(2)), false);
    elapse(0);
    fail();
    turn();
    assertThat(timers)
        .extracting(Timer::millis)
        .containsExactly(RESET.toMillis(), 2 * RESET.toMillis());
  }

  /** The retries of one exchange are one failure, and are told as one. */
  @Test
  void anExchangesRetriesAreToldOnce() {
    hears(503, false);
    hears(504, true);
    hears(504, true);
    hears(503, false);
    assertThat(breaker.lastFailures(5)).isEqualTo("2 answers 503");
  }

  private void hears(int status, boolean again) {
    BreakerPermit permit = breaker.admit(Standing.REPLACEABLE, 1, again);
    permit.heard(OutcomeClassifier.ofStatus(status, false));
    permit.end(BreakerResult.NEUTRAL);
  }
}
