package com.huntaze.rollout.failover;

import static com.huntaze.rollout.outcome.BreakerResult.FAILURE;
import static com.huntaze.rollout.outcome.BreakerResult.NEUTRAL;
import static com.huntaze.rollout.outcome.BreakerResult.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.failover.BreakerState.Closed;
import com.huntaze.rollout.failover.BreakerState.HalfOpen;
import com.huntaze.rollout.failover.BreakerState.Open;
import com.huntaze.rollout.outcome.BreakerResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerMachineTest {
  private static final Permit OLD = new Permit(0, false);
  private final BreakerMachine machine =
      new BreakerMachine(new CircuitBreakerSettings(2, Duration.ofSeconds(30)));

  private BreakerState after(BreakerState state, BreakerResult... results) {
    BreakerState now = state;
    for (BreakerResult result : results) {
      Admission admission = machine.admit(now);
      now = machine.result(admission.state(), admission.permit().orElseThrow(), result, 100);
    }
    return now;
  }

  @Test
  void opensAfterConsecutiveFailuresForItsResetTimeout() {
    assertThat(after(machine.initial(), FAILURE, FAILURE)).isEqualTo(new Open(1, 100, 30_100));
  }

  @Test
  void startsCountingAgainAfterASuccessButNotAfterANeutralResult() {
    assertThat(after(machine.initial(), FAILURE, SUCCESS, FAILURE)).isEqualTo(new Closed(0, 1));
    assertThat(after(machine.initial(), FAILURE, NEUTRAL, FAILURE)).isInstanceOf(Open.class);
  }

  @Test
  void admitsNothingWhileOpen() {
    Open open = new Open(1, 100, 30_100);
    assertThat(machine.admit(open).permit()).isEmpty();
    assertThat(machine.admit(open).state()).isSameAs(open);
  }

  @Test
  void admitsOneTrialAtATime() {
    Admission first = machine.admit(new HalfOpen(2, false));
    assertThat(first.permit()).contains(new Permit(2, true));
    assertThat(machine.admit(first.state()).permit()).isEmpty();
  }

  @Test
  void closesOnASuccessfulTrialAndOpensOnAFailedOne() {
    HalfOpen halfOpen = new HalfOpen(2, false);
    assertThat(after(halfOpen, SUCCESS)).isEqualTo(new Closed(3, 0));
    assertThat(after(halfOpen, FAILURE)).isEqualTo(new Open(3, 100, 30_100));
  }

  @Test
  void freesThePlaceOfANeutralTrialOnce() {
    Admission trial = machine.admit(new HalfOpen(2, false));
    Permit permit = trial.permit().orElseThrow();
    BreakerState freed = machine.result(trial.state(), permit, NEUTRAL, 100);
    assertThat(freed).isEqualTo(new HalfOpen(3, false));
    BreakerState next = machine.admit(freed).state();
    assertThat(machine.result(next, permit, SUCCESS, 100)).isSameAs(next);
  }

  @Test
  void lateResultsOfAnOlderGenerationChangeNothing() {
    HalfOpen trial = new HalfOpen(2, true);
    assertThat(machine.result(trial, OLD, FAILURE, 100)).isSameAs(trial);
    Closed closed = new Closed(3, 1);
    assertThat(machine.result(closed, OLD, SUCCESS, 100)).isSameAs(closed);
  }

  @Test
  void aTimerOfAnOlderGenerationChangesNothing() {
    Open open = new Open(3, 100, 30_100);
    assertThat(machine.halfOpen(open, 1)).isSameAs(open);
    assertThat(machine.halfOpen(open, 3)).isEqualTo(new HalfOpen(4, false));
    Closed closed = new Closed(3, 0);
    assertThat(machine.halfOpen(closed, 3)).isSameAs(closed);
  }
}
