package com.huntaze.rollout.failover;

import com.huntaze.rollout.failover.BreakerState.Closed;
import com.huntaze.rollout.failover.BreakerState.HalfOpen;
import com.huntaze.rollout.failover.BreakerState.Open;
import com.huntaze.rollout.outcome.BreakerResult;
import java.util.Optional;

/**
 * Decides what a provider's circuit breaker does (requirements 6.4 and 6.5): closed, open after
 * consecutive failed exchanges, half-open when its timer has elapsed. It keeps a provider from
 * being asked only where another one can answer: the last resort is never locked.
 *
 * <p>Pure and total: any call in any state gives a state, and the same object when nothing changed.
 * A result whose permit is of an older generation changes nothing.
 */
public final class BreakerMachine {
  private static final long FIRST_TRIAL_MILLIS = 1_000;
  private static final int MOST_DOUBLINGS = 20;

  private final int maxFailures;
  private final long resetMillis;
  private final TrialPace pace;

  /** The machine of one provider's {@code circuitBreaker} settings. */
  public BreakerMachine(CircuitBreakerSettings settings) {
    this.maxFailures = settings.maxFailures();
    this.resetMillis = settings.resetTimeout().toMillis();
    this.pace = settings.trials();
  }

  /** Closed, without failures. */
  public BreakerState initial() {
    return new Closed(0, 0);
  }

  /** Closed, for a provider at another place; what is still under way at the old one is late. */
  public BreakerState renewed(BreakerState state) {
    return new Closed(state.generation() + 1, 0);
  }

  /**
   * Asks to begin an attempt: always granted when closed; when open or half-open as {@link Trials}
   * tell for the standing. The trial of a half-open breaker is another user's than of those who
   * failed when it opened or shortly before, where there is one; after another reset timeout it is
   * anyone's.
   *
   * @param nowMillis monotonic
   */
  public Admission admit(BreakerState state, Asking asking, long nowMillis) {
    Standing standing = asking.standing();
    if (state instanceof Closed) {
      return new Admission(state, Optional.of(permit(state, asking, false, nowMillis)));
    }
    if (state instanceof Open open) {
      return open.trials().whileOpen(standing, nowMillis)
          ? trial(with(open, open.trials().begun(nowMillis)), asking, nowMillis)
          : new Admission(state, Optional.empty());
    }
    if (state instanceof HalfOpen half) {
      return half.trials().whileHalfOpen(standing, nowMillis) && !yields(half, asking, nowMillis)
          ? trial(with(half, half.generation(), half.trials().begun(nowMillis)), asking, nowMillis)
          : new Admission(state, Optional.empty());
    }
    throw new AssertionError(state);
  }

  /** One who fails whatever the provider does shows nothing by failing again. */
  private boolean yields(HalfOpen state, Asking asking, long nowMillis) {
    return asking.standing() == Standing.REPLACEABLE
        && asking.others()
        && state.unfit().contains(asking.user())
        && nowMillis - state.fromMillis() < resetMillis;
  }

  private static Permit permit(BreakerState state, Asking asking, boolean trial, long nowMillis) {
    return new Permit(state.generation(), trial, asking.user(), asking.again(), nowMillis);
  }

  private static Admission trial(BreakerState state, Asking asking, long nowMillis) {
    return new Admission(state, Optional.of(permit(state, asking, true, nowMillis)));
  }

  private static HalfOpen with(HalfOpen state, long generation, Trials trials) {
    return new HalfOpen(
        generation,
        trials,
        state.fromMillis(),
        state.failedTrials(),
        state.users(),
        state.earlier());
  }

  private static Open with(Open state, Trials trials) {
    return new Open(
        state.generation(),
        state.sinceMillis(),
        state.trialsFromMillis(),
        trials,
        state.failedTrials(),
        state.users(),
        state.earlier());
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
    if (state instanceof Closed closed) {
      return permit.trial() ? state : closed(closed, permit, result, nowMillis);
    }
    if (state instanceof Open open) {
      boolean known = open.trials().underWay() > 0 && permit.trial();
      return known ? trialWhileOpen(open, result) : state;
    }
    if (state instanceof HalfOpen halfOpen) {
      boolean known = halfOpen.trialTaken() && permit.trial();
      return known ? trial(halfOpen, permit, result, nowMillis) : state;
    }
    throw new AssertionError(state);
  }

  private BreakerState closed(Closed state, Permit permit, BreakerResult result, long nowMillis) {
    return switch (result) {
      case NEUTRAL -> state;
      case SUCCESS ->
          isQuiet(state)
              ? state
              : new Closed(
                  state.generation(),
                  0,
                  Trials.doubled(state.share()),
                  FailedUsers.NONE,
                  state.before().succeeded(permit));
      case FAILURE -> permit.again() ? state : failed(state, permit, nowMillis);
    };
  }

  private static boolean isQuiet(Closed state) {
    return state.failures() == 0
        && state.share() == Trials.FULL_SHARE
        && state.before().equals(RecentResults.NONE);
  }

  private BreakerState failed(Closed state, Permit permit, long nowMillis) {
    FailedUsers users = state.users().with(permit.user());
    RecentResults before = state.before().failed(permit);
    return state.failures() + 1 >= maxFailures
        ? open(state, state.share(), nowMillis, 0, users, before.before(state.failures() + 1))
        : new Closed(state.generation(), state.failures() + 1, state.share(), users, before);
  }

  /** The time of being open goes on after a failure: it is the provider's that has a fallback. */
  private static BreakerState trialWhileOpen(Open state, BreakerResult result) {
    return switch (result) {
      case SUCCESS -> new Closed(state.generation() + 1, 0, state.trials().doubled());
      case FAILURE -> with(state, state.trials().ended(true));
      case NEUTRAL -> with(state, state.trials().ended(false));
    };
  }

  private BreakerState trial(HalfOpen state, Permit permit, BreakerResult result, long nowMillis) {
    Trials trials = state.trials();
    return switch (result) {
      // A new generation, so that the same permit cannot free the next trial's place.
      case NEUTRAL ->
          trials.underWay() == 1
              ? with(state, state.generation() + 1, Trials.none(trials.share()))
              : with(state, state.generation(), trials.ended(false));
      case SUCCESS -> new Closed(state.generation() + 1, 0, trials.doubled());
      case FAILURE ->
          open(
              state,
              trials.share(),
              nowMillis,
              state.failedTrials() + 1,
              state.users().with(permit.user()),
              state.earlier().afterATrial());
    };
  }

  private Open open(
      BreakerState state,
      int share,
      long nowMillis,
      int failedTrials,
      FailedUsers users,
      EarlierFailures earlier) {
    return new Open(
        state.generation() + 1,
        nowMillis,
        nowMillis + waitMillis(failedTrials),
        Trials.none(share),
        failedTrials,
        users,
        earlier);
  }

  private long waitMillis(int failedTrials) {
    return switch (pace) {
      case SINGLE -> resetMillis;
      case BACKOFF ->
          Math.min(resetMillis, FIRST_TRIAL_MILLIS << Math.min(failedTrials, MOST_DOUBLINGS));
    };
  }

  /**
   * The timer of an open breaker has elapsed: trials may begin.
   *
   * @param generation the generation of the {@link Open} that the timer was started for; a timer of
   *     an older one changes nothing
   */
  public BreakerState halfOpen(BreakerState state, long generation) {
    return state instanceof Open open && state.generation() == generation
        ? new HalfOpen(
            generation + 1,
            Trials.none(open.trials().share()),
            open.trialsFromMillis(),
            open.failedTrials(),
            open.users(),
            open.earlier())
        : state;
  }
}
