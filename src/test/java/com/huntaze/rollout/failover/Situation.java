package com.huntaze.rollout.failover;

import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.OptionalLong;

/** A failed attempt with the usual surroundings; the request began at 0. */
record Situation(FailedAttempt attempt) {
  static Situation of(Provider provider, Outcome outcome) {
    int legacy = provider == Provider.LEGACY ? 1 : 0;
    OptionalLong none = OptionalLong.empty();
    return new Situation(
        new FailedAttempt(
            provider,
            outcome,
            1 - legacy,
            legacy,
            false,
            0,
            true,
            true,
            false,
            false,
            false,
            false,
            false,
            false,
            none,
            0,
            9));
  }

  Situation after(int foundry, int legacy) {
    return copy(foundry, legacy, attempt.replayable(), attempt.fallbackAllowed());
  }

  Situation sentOnce() {
    return copy(attempt.foundryAttempts(), attempt.legacyAttempts(), false, true);
  }

  Situation withoutFallback() {
    int legacy = attempt.legacyAttempts();
    return copy(attempt.foundryAttempts(), legacy, attempt.replayable(), false);
  }

  Situation withLegacyOpen() {
    return copy(attempt.breakerOpen(), true, attempt.hasAnswer());
  }

  Situation withBreakerOpen() {
    return copy(true, attempt.legacyBreakerOpen(), attempt.hasAnswer());
  }

  Situation answered() {
    return copy(attempt.breakerOpen(), attempt.legacyBreakerOpen(), true);
  }

  Situation hinted(long millis) {
    return copy(attempt.withdrawn(), OptionalLong.of(millis), attempt.nowMillis());
  }

  Situation at(long nowMillis) {
    return copy(attempt.withdrawn(), attempt.hintMillis(), nowMillis);
  }

  /** Foundry has been rolled back since the request was given to it. */
  Situation withdrawn() {
    return copy(true, attempt.hintMillis(), attempt.nowMillis());
  }

  /** Foundry is asked after legacy had failed. */
  Situation returned() {
    return copy(true, attempt.waits(), attempt.legacyThrottled());
  }

  Situation waited(int times) {
    return copy(attempt.returned(), times, attempt.legacyThrottled());
  }

  Situation withLegacyThrottled() {
    return copy(attempt.returned(), attempt.waits(), true);
  }

  /** The client says that it is repeating the request itself. */
  Situation repeatedByClient() {
    FailedAttempt a = attempt;
    return new Situation(
        new FailedAttempt(
            a.provider(),
            a.outcome(),
            a.foundryAttempts(),
            a.legacyAttempts(),
            a.returned(),
            a.waits(),
            a.replayable(),
            a.fallbackAllowed(),
            true,
            a.withdrawn(),
            a.breakerOpen(),
            a.legacyBreakerOpen(),
            a.legacyThrottled(),
            a.hasAnswer(),
            a.hintMillis(),
            0,
            a.nowMillis()));
  }

  private Situation copy(boolean returned, int waits, boolean legacyThrottled) {
    FailedAttempt a = attempt;
    return new Situation(
        new FailedAttempt(
            a.provider(),
            a.outcome(),
            a.foundryAttempts(),
            a.legacyAttempts(),
            returned,
            waits,
            a.replayable(),
            a.fallbackAllowed(),
            a.clientRetries(),
            a.withdrawn(),
            a.breakerOpen(),
            a.legacyBreakerOpen(),
            legacyThrottled,
            a.hasAnswer(),
            a.hintMillis(),
            0,
            a.nowMillis()));
  }

  private Situation copy(int foundry, int legacy, boolean replayable, boolean fallback) {
    FailedAttempt a = attempt;
    return new Situation(
        new FailedAttempt(
            a.provider(),
            a.outcome(),
            foundry,
            legacy,
            a.returned(),
            a.waits(),
            replayable,
            fallback,
            a.clientRetries(),
            a.withdrawn(),
            a.breakerOpen(),
            a.legacyBreakerOpen(),
            a.legacyThrottled(),
            a.hasAnswer(),
            a.hintMillis(),
            0,
            a.nowMillis()));
  }

  private Situation copy(boolean open, boolean legacyOpen, boolean answer) {
    FailedAttempt a = attempt;
    return new Situation(
        new FailedAttempt(
            a.provider(),
            a.outcome(),
            a.foundryAttempts(),
            a.legacyAttempts(),
            a.returned(),
            a.waits(),
            a.replayable(),
            a.fallbackAllowed(),
            a.clientRetries(),
            a.withdrawn(),
            open,
            legacyOpen,
            a.legacyThrottled(),
            answer,
            a.hintMillis(),
            0,
            a.nowMillis()));
  }

  private Situation copy(boolean withdrawn, OptionalLong hint, long nowMillis) {
    FailedAttempt a = attempt;
    return new Situation(
        new FailedAttempt(
            a.provider(),
            a.outcome(),
            a.foundryAttempts(),
            a.legacyAttempts(),
            a.returned(),
            a.waits(),
            a.replayable(),
            a.fallbackAllowed(),
            a.clientRetries(),
            withdrawn,
            a.breakerOpen(),
            a.legacyBreakerOpen(),
            a.legacyThrottled(),
            a.hasAnswer(),
            hint,
            0,
            nowMillis));
  }
}
