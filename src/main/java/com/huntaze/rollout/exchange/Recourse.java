package com.huntaze.rollout.exchange;

import com.huntaze.rollout.failover.FailedAttempt;
import com.huntaze.rollout.failover.FailoverPolicy;
import com.huntaze.rollout.failover.NextStep;
import com.huntaze.rollout.failover.Standing;
import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The ways that are left for a request. The facts are an exchange's; {@link FailoverPolicy} decides
 * on them.
 */
record Recourse(ExchangeState state, Moment now) {
  private static final int BAD_REQUEST = 400;

  /** The statuses that tell of a provider's paths, methods and keys, and not of the request. */
  private static final Set<Integer> UNKNOWN_HERE = Set.of(401, 403, 404, 405);

  /**
   * The step that follows a failed attempt.
   *
   * @param provider whose attempt it was
   * @param hint the provider's wish for the next one, milliseconds
   * @param hasAnswer whether there is a response that can be passed on
   * @param retryGranted takes one retry from the budget
   */
  NextStep next(
      Provider provider,
      Outcome outcome,
      OptionalLong hint,
      boolean hasAnswer,
      BooleanSupplier retryGranted) {
    FailedAttempt failed = failed(provider, outcome, hint, hasAnswer);
    return state.limits.policy().next(failed, now.chance(), retryGranted);
  }

  /** Tells whether a retry that was decided earlier is still right. */
  boolean stillRetries() {
    return state
        .limits
        .policy()
        .stillRetries(failed(state.retryProvider, state.retryFailure, OptionalLong.empty(), false));
  }

  private FailedAttempt failed(
      Provider provider, Outcome outcome, OptionalLong hint, boolean hasAnswer) {
    return new FailedAttempt(
        provider,
        outcome,
        state.foundryAttempts,
        state.legacyAttempts,
        state.returned,
        state.waits,
        replayable(),
        state.terms.fallbackAllowed(),
        state.terms.clientRetries(),
        now.withdrawn(),
        now.breakerOpen(provider),
        now.breakerOpen(Provider.LEGACY),
        now.legacyThrottled(),
        hasAnswer,
        hint,
        state.startMillis,
        now.millis());
  }

  /** The time by which an attempt that begins now must have had its first content. */
  long attemptDeadline(Provider provider) {
    boolean canFailOver =
        FailoverPolicy.canFailOver(
            provider,
            state.terms.fallbackAllowed(),
            state.returned,
            repeatable(),
            now.breakerOpen(Provider.LEGACY));
    return state.limits.policy().attemptDeadline(provider, state.startMillis, canFailOver);
  }

  /** The place of a provider among those that may answer the request. */
  Standing standing(Provider provider) {
    return FailoverPolicy.standing(provider, state.terms.fallbackAllowed(), state.returned);
  }

  /**
   * Tells whether a place at a provider's breaker is waited for: at the one that is to be asked
   * next, or at the other one where that has not been asked yet.
   */
  boolean waitsFor(Provider provider) {
    if (!state.placeAwaited) {
      return false;
    }
    boolean unasked = state.attempts(provider) == 0;
    return provider == state.retryProvider
        || state.terms.fallbackAllowed()
            && unasked
            && (provider == Provider.LEGACY || !now.withdrawn());
  }

  /**
   * Tells whether a response of legacy would put a fault of ours in the place of Foundry's: which
   * paths, methods and keys legacy knows is nothing that the client of a failing Foundry can mend.
   */
  boolean hidesFailure(Outcome outcome) {
    boolean foundryFailed = state.failedOver != null && state.failedOver.status() >= 500;
    return foundryFailed
        && state.provider == Provider.LEGACY
        && UNKNOWN_HERE.contains(outcome.status());
  }

  /**
   * Tells whether a request that was refused with an option that we have added may be sent once
   * more without it. It was refused, and so not carried out: that is no retry.
   */
  boolean mayAskPlainly() {
    return state.plainAt == null && now.bodyKept();
  }

  private boolean repeatable() {
    return state.terms.repeatable() && now.bodyKept();
  }

  /** Tells whether the request may be sent again, or nothing of it has been sent. */
  private boolean replayable() {
    return !state.sent || repeatable();
  }

  /** Tells whether legacy could still answer in the stead of the provider that is asked. */
  boolean replaceable() {
    return standing(state.provider) == Standing.REPLACEABLE && replayable();
  }

  /** Tells whether another attempt could follow, if this one fails. */
  boolean mayMoveOn() {
    Provider provider = state.provider;
    boolean moreRetries =
        !state.terms.clientRetries()
            && state.attempts(provider) <= state.limits.policy().maxRetries(provider);
    boolean foundryMay =
        provider == Provider.LEGACY && state.terms.fallbackAllowed() && state.foundryAttempts == 0;
    return moreRetries && replayable() || replaceable() || foundryMay;
  }

  /**
   * Tells whether a response says that what the request is about is not there. OpenAI answers 400
   * to a {@code previous_response_id} that it does not know.
   */
  boolean isMissing(Outcome outcome) {
    return Meaning.NOT_FOUND.isOf(outcome)
        || state.terms.namedInBody() && outcome.status() == BAD_REQUEST;
  }

  /**
   * Tells whether legacy does not have an object that may well be Foundry's, which did not answer:
   * to the caller that would say that the object does not exist.
   */
  boolean mayStillExist() {
    return state.provider == Provider.LEGACY
        && state.terms.mayBeAtLegacy()
        && !state.lookedForElsewhere;
  }
}
