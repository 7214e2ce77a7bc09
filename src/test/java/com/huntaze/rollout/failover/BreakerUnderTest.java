package com.huntaze.rollout.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.failover.BreakerState.Closed;
import com.huntaze.rollout.failover.BreakerState.HalfOpen;
import com.huntaze.rollout.failover.BreakerState.Open;
import com.huntaze.rollout.outcome.BreakerResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The machine beside a plain model of it. The model knows no generations: it counts only results of
 * attempts that began in the period which still lasts, and remembers the one trial by identity.
 */
final class BreakerUnderTest {
  static final CircuitBreakerSettings SETTINGS =
      new CircuitBreakerSettings(3, Duration.ofSeconds(30));

  private enum Kind {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /** An attempt under way, and the model's period in which it was admitted. */
  private record Attempt(Permit permit, int period) {}

  private final BreakerMachine machine = new BreakerMachine(SETTINGS);
  private final List<Attempt> underWay = new ArrayList<>();
  private BreakerState state = machine.initial();
  private long now;

  private Kind kind = Kind.CLOSED;
  private int period;
  private int failures;
  private Attempt trial;

  BreakerUnderTest admit() {
    now++;
    Admission admission = machine.admit(state);
    state = admission.state();
    boolean expected = kind == Kind.CLOSED || kind == Kind.HALF_OPEN && trial == null;
    assertThat(admission.permit().isPresent()).isEqualTo(expected);
    admission.permit().ifPresent(this::begin);
    return agree();
  }

  private void begin(Permit permit) {
    Attempt attempt = new Attempt(permit, period);
    underWay.add(attempt);
    if (kind == Kind.HALF_OPEN) {
      trial = attempt;
    }
  }

  BreakerUnderTest finish(int pick, BreakerResult result) {
    now++;
    if (underWay.isEmpty()) {
      return this;
    }
    Attempt attempt = underWay.remove(pick % underWay.size());
    state = machine.result(state, attempt.permit(), result, now);
    if (attempt == trial) {
      finishTrial(result);
    } else if (kind == Kind.CLOSED && attempt.period() == period) {
      count(result);
    }
    return agree();
  }

  private void finishTrial(BreakerResult result) {
    trial = null;
    if (result == BreakerResult.SUCCESS) {
      enter(Kind.CLOSED);
    } else if (result == BreakerResult.FAILURE) {
      enter(Kind.OPEN);
    }
  }

  private void count(BreakerResult result) {
    if (result == BreakerResult.SUCCESS) {
      failures = 0;
    } else if (result == BreakerResult.FAILURE && ++failures == SETTINGS.maxFailures()) {
      enter(Kind.OPEN);
    }
  }

  BreakerUnderTest elapse(boolean current) {
    now++;
    state = machine.halfOpen(state, state.generation() - (current ? 0 : 1));
    if (current && kind == Kind.OPEN) {
      enter(Kind.HALF_OPEN);
    }
    return agree();
  }

  private void enter(Kind next) {
    kind = next;
    period++;
    failures = 0;
  }

  private BreakerUnderTest agree() {
    if (kind == Kind.CLOSED) {
      assertThat(state).isInstanceOfSatisfying(Closed.class, this::agreeOnFailures);
    } else if (kind == Kind.OPEN) {
      assertThat(state).isInstanceOf(Open.class);
    } else {
      boolean taken = trial != null;
      assertThat(state)
          .isInstanceOfSatisfying(
              HalfOpen.class, halfOpen -> assertThat(halfOpen.trialTaken()).isEqualTo(taken));
    }
    return this;
  }

  private void agreeOnFailures(Closed closed) {
    assertThat(closed.failures()).isEqualTo(failures);
  }

  @Override
  public String toString() {
    return kind + " " + state;
  }
}
