package com.huntaze.rollout.failover;

import com.huntaze.rollout.failover.BreakerState.Closed;
import com.huntaze.rollout.failover.BreakerState.HalfOpen;
import com.huntaze.rollout.failover.BreakerState.Open;
import com.huntaze.rollout.outcome.BreakerResult;
import java.util.Optional;

/**
 * Decides what a provider's circuit breaker does (requirements 6.4 and 6.5): closed, open after
 * consecutive failures, half-open when its timer has elapsed.
 *
 * <p>Pure and total: any call in any state gives a state, and the same object when nothing changed.
 * A result whose permit is of an older generation changes nothing.
 */
public final class BreakerMachine {
  private final int maxFailures;
  private final long resetMillis;

  /** The machine of one provider's {@code circuitBreaker} settings. */
  public BreakerMachine(CircuitBreakerSettings settings) {
    this.maxFailures = settings.maxFailures();
    this.resetMillis = settings.resetTimeout().toMillis();
  }

  /** Closed, without failures. */
  public BreakerState initial() {
    return new Closed(0, 0);
  }

  /** Closed, for a provider at another place; what is still under way at the old one is late. */
  public BreakerState renewed(BreakerState state) {
    return new Closed(state.generation() + 1, 0);
  }

  /** Asks to begin an attempt: always when closed, never when open, one at a time half-open. */
  public Admission admit(BreakerState state) {
    if (state instanceof Closed closed) {
      return new Admission(closed, Optional.of(new Permit(closed.generation(), false)));
    }
    if (state instanceof HalfOpen halfOpen && !halfOpen.trialTaken()) {
      long generation = halfOpen.generation();
      Permit trial = new Permit(generation, true);
      return new Admission(new HalfOpen(generation, true), Optional.of(trial));
    }
    return new Admission(state, Optional.empty());
  }

  /**
   * Takes the result of an attempt.
   *
   * @param nowMillis monotonic; when the breaker opens, it is open from now
   */
  public BreakerState result(
      BreakerState state, Permit permit, BreakerResult result, long nowMillis) {
    if (permit.generation() != state.generation()) {
      return state;
    }
    if (state instanceof Closed closed && !permit.trial()) {
      return closed(closed, result, nowMillis);
    }
    if (state instanceof HalfOpen halfOpen && halfOpen.trialTaken() && permit.trial()) {
      return trial(halfOpen, result, nowMillis);
    }
    return state;
  }

  private BreakerState closed(Closed state, BreakerResult result, long nowMillis) {
    return switch (result) {
      case NEUTRAL -> state;
      case SUCCESS -> state.failures() == 0 ? state : new Closed(state.generation(), 0);
      case FAILURE ->
          state.failures() + 1 >= maxFailures
              ? open(state, nowMillis)
              : new Closed(state.generation(), state.failures() + 1);
    };
  }

  private BreakerState trial(HalfOpen state, BreakerResult result, long nowMillis) {
    return switch (result) {
      // A new generation, so that the same permit cannot free the next trial's place.
      case NEUTRAL -> new HalfOpen(state.generation() + 1, false);
      case SUCCESS -> new Closed(state.generation() + 1, 0);
      case FAILURE -> open(state, nowMillis);
    };
  }

  private Open open(BreakerState state, long nowMillis) {
    return new Open(state.generation() + 1, nowMillis, nowMillis + resetMillis);
  }

  /**
   * The timer of an open breaker has elapsed: trials may begin.
   *
   * @param generation the generation of the {@link Open} that the timer was started for; a timer of
   *     an older one changes nothing
   */
  public BreakerState halfOpen(BreakerState state, long generation) {
    return state instanceof Open && state.generation() == generation
        ? new HalfOpen(generation + 1, false)
        : state;
  }
}
