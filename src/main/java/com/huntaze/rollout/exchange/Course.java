package com.huntaze.rollout.exchange;

import com.huntaze.rollout.exchange.ExchangeState.Phase;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.failover.NextStep;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The course that an exchange takes: whom it asks, and what follows an attempt that failed. */
final class Course {
  private static final BooleanSupplier NO_RETRY = () -> false;

  /** The time within which those who have waited for a place are asked for, milliseconds. */
  private static final long SPREAD_MILLIS = 100;

  private final ExchangeState state;
  private final Moment now;
  private final Recourse recourse;
  private final HoldBack hold;

  /** The effects of a step, which has three at most but for what nobody has thought of yet. */
  private ExchangeEffect first;

  private ExchangeEffect second;
  private ExchangeEffect third;
  private List<ExchangeEffect> further = List.of();

  Course(ExchangeState state, Moment now, Recourse recourse, HoldBack hold) {
    this.state = state;
    this.now = now;
    this.recourse = recourse;
    this.hold = hold;
  }

  /** Hands over the effects of a step. */
  List<ExchangeEffect> takeEffects() {
    List<ExchangeEffect> taken = new ArrayList<>();
    Stream.of(first, second, third).takeWhile(Objects::nonNull).forEach(taken::add);
    taken.addAll(further);
    clear();
    return taken;
  }

  /**
   * The same, each of which is done at once, and without a list: a dozen an exchange would be
   * garbage. What is done may bring the next step about.
   */
  void perform(ExchangeEffects by) {
    ExchangeEffect one = first;
    ExchangeEffect two = second;
    ExchangeEffect three = third;
    List<ExchangeEffect> rest = further;
    clear();
    if (one != null) {
      one.by(by);
    }
    if (two != null) {
      two.by(by);
    }
    if (three != null) {
      three.by(by);
    }
    for (int i = 0; i < rest.size(); i++) {
      rest.get(i).by(by);
    }
  }

  private void clear() {
    first = null;
    second = null;
    third = null;
    further = List.of();
  }

  void add(ExchangeEffect effect) {
    if (first == null) {
      first = effect;
    } else if (second == null) {
      second = effect;
    } else if (third == null) {
      third = effect;
    } else {
      further = further.isEmpty() ? new ArrayList<>() : further;
      further.add(effect);
    }
  }

  void ask(Provider provider) {
    state.phase = Phase.ACQUIRING;
    state.asked = provider;
    add(new ExchangeEffect.Ask(provider, recourse.standing(provider)));
  }

  void settle(Outcome outcome) {
    if (!state.settled) {
      state.settled = true;
      add(new ExchangeEffect.Settle(outcome));
    }
  }

  void end() {
    state.phase = Phase.ENDED;
    add(new ExchangeEffect.End());
  }

  void leave(Outcome outcome) {
    state.budgetAsked = false;
    leave(outcome, OptionalLong.empty());
  }

  /** Gives the attempt up, and does what follows on that. */
  void leave(Outcome outcome, OptionalLong hint) {
    state.phase = Phase.LEAVING;
    state.failure = outcome;
    state.hint = hint;
    state.attemptDeadline = ExchangeState.NEVER;
    state.crowded += foundNoConnection(outcome) ? 1 : 0;
    hold.end();
    if (state.settled) {
      left();
    } else {
      settle(outcome);
    }
  }

  private static boolean foundNoConnection(Outcome outcome) {
    return Meaning.POOL_FULL.isOf(outcome);
  }

  void left() {
    Provider provider = state.provider;
    add(new ExchangeEffect.Leave());
    boolean mayBeFound =
        state.lookedForElsewhere && provider == Provider.FOUNDRY && state.legacyAttempts == 0;
    if (mayBeFound) {
      ask(Provider.LEGACY);
    } else {
      boolean granted = state.retryGranted;
      BooleanSupplier budget = state.budgetAsked ? () -> granted : new RetryGrant(now);
      follow(
          provider,
          state.failure,
          recourse.next(provider, state.failure, state.hint, state.hasAnswer, budget));
    }
  }

  private void follow(Provider provider, Outcome outcome, NextStep next) {
    if (next instanceof NextStep.Retry wait) {
      add(new ExchangeEffect.CountRetry(provider));
      state.rested(provider, wait.delayMillis());
      state.placeAwaited = false;
      await(provider, outcome, wait.delayMillis());
    } else if (next instanceof NextStep.AskAgain wait) {
      state.waits++;
      state.placeAwaited = true;
      // Behind legacy's breaker Foundry may be next once more.
      state.returned &= wait.provider() == Provider.FOUNDRY;
      await(wait.provider(), outcome, wait.delayMillis());
    } else if (next instanceof NextStep.TryFoundry) {
      state.returned = true;
      ask(Provider.FOUNDRY);
    } else if (next instanceof NextStep.FailOver) {
      add(new ExchangeEffect.CountFailover(outcome));
      state.failedOver = outcome;
      ask(Provider.LEGACY);
    } else if (next instanceof NextStep.GiveUp giveUp) {
      lastWord(giveUp.code(), provider, outcome);
    } else if (next instanceof NextStep.Stop) {
      lastWord(ErrorCode.TIMEOUT, provider, outcome);
    } else if (next instanceof NextStep.Relay) {
      boolean fellBack = state.fellBack();
      ErrorCode without = fellBack ? ErrorCode.FALLBACK_FAILED : ErrorCode.FOUNDRY_UNAVAILABLE;
      lastWord(without, provider, outcome);
    } else {
      throw new AssertionError("next step: " + next + " (expected: one that the machine knows)");
    }
  }

  /**
   * Ends the wait for a place early. All who have waited for it at once would be the next trouble
   * of a provider that has just come back.
   */
  void askSoon(Provider provider) {
    state.retryProvider = provider;
    state.placeAwaited = false;
    state.returned &= provider == Provider.FOUNDRY;
    state.retryAt =
        Math.min(state.retryAt, now.millis() + Math.round(SPREAD_MILLIS * now.chance()));
  }

  /**
   * Asks the same provider at once, without what we have added; it does not count as an attempt.
   */
  void askPlainly() {
    Provider provider = state.provider;
    state.plainAt = provider;
    state.plainAttempts++;
    settle(Meaning.OPTION_REFUSED.outcome());
    add(new ExchangeEffect.Leave());
    if (provider == Provider.FOUNDRY) {
      state.foundryAttempts--;
    } else {
      state.legacyAttempts--;
    }
    ask(provider);
  }

  private void await(Provider provider, Outcome failure, long delayMillis) {
    state.phase = Phase.WAITING_RETRY;
    state.retryProvider = provider;
    state.retryFailure = failure;
    state.retryAt = now.millis() + delayMillis;
  }

  /** The wait is over; what spoke for the attempt may not hold any more. */
  void retry() {
    Provider provider = state.retryProvider;
    Outcome failure = state.retryFailure;
    if (recourse.stillRetries()) {
      ask(provider);
    } else {
      moveOn(provider, failure);
    }
  }

  /** Does what follows on a failure without a retry. */
  void moveOn(Provider provider, Outcome outcome) {
    follow(
        provider,
        outcome,
        recourse.next(provider, outcome, OptionalLong.empty(), state.hasAnswer, NO_RETRY));
  }

  /** Nothing follows any more: the last response that was kept passes, else an error of ours. */
  void lastWord(ErrorCode code, Provider provider, Outcome outcome) {
    end();
    add(
        state.hasAnswer
            ? new ExchangeEffect.PassKept()
            : new ExchangeEffect.GiveUp(code, provider, outcome));
  }
}
