package com.huntaze.rollout.failover;

import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.provider.Provider;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * The step that follows on an attempt that ended before anything was sent to the client: the
 * design's "Failover and retry" and "Deadline". Stateless and immutable; a reload makes a new one.
 */
public final class FailoverPolicy {
  private final RetryPolicy foundry;
  private final RetryPolicy legacy;
  private final Deadlines deadlines;

  /** The policy of both providers' retry settings and the request's deadlines. */
  public FailoverPolicy(RetryPolicy foundry, RetryPolicy legacy, Deadlines deadlines) {
    this.foundry = foundry;
    this.legacy = legacy;
    this.deadlines = deadlines;
  }

  /**
   * The next step. Total: any outcome gives one.
   *
   * @param chance a uniform random number for the jitter, 0..1
   * @param budget takes one retry from the process's budget, see {@link RetryBudget#tryRetry};
   *     asked last, when nothing else is against it; asked again, it must say the same
   */
  public NextStep next(FailedAttempt attempt, double chance, BooleanSupplier budget) {
    if (Meaning.CLIENT_GONE.isOf(attempt.outcome())) {
      return new NextStep.Stop();
    }
    return switch (attempt.outcome().next()) {
      case RELAY -> new NextStep.Relay();
      case STOP -> lastWord(attempt);
      case FAIL_OVER ->
          attempt.refused() ? refused(attempt, chance) : leave(attempt, chance, budget);
      case RETRY_ON_HINT ->
          attempt.hintMillis().isPresent() && !movesOnAtOnce(attempt)
              ? retry(attempt, chance, budget)
              : leave(attempt, chance, budget);
      case RETRY ->
          movesOnAtOnce(attempt) ? leave(attempt, chance, budget) : retry(attempt, chance, budget);
    };
  }

  /** The most retries after a provider's first attempt. */
  public int maxRetries(Provider provider) {
    return policy(provider).max();
  }

  /**
   * Returns whether a retry that was decided earlier is still right when its wait is over.
   *
   * @param attempt the one that failed then, with what is known now
   */
  public boolean stillRetries(FailedAttempt attempt) {
    return !movesOnAtOnce(attempt) && !isBarred(attempt);
  }

  /**
   * Returns the moment by which a provider's attempts must have had their first content: where
   * failover is possible, Foundry's part ends {@code fallbackReserve} before the request's
   * deadline.
   *
   * @param startMillis when the request began, monotonic
   * @return on the same clock
   */
  public long attemptDeadline(Provider provider, long startMillis, boolean canFailOver) {
    long whole = startMillis + deadlines.toFirstContentMillis();
    return provider == Provider.FOUNDRY && canFailOver
        ? whole - deadlines.fallbackReserveMillis()
        : whole;
  }

  /**
   * Returns whether legacy is ready to answer in place of a provider, so that its part of the time
   * ends early.
   *
   * @param fallbackAllowed as in {@link FailedAttempt}, like the three others
   */
  public static boolean canFailOver(
      Provider provider,
      boolean fallbackAllowed,
      boolean returned,
      boolean replayable,
      boolean legacyBreakerOpen) {
    return standing(provider, fallbackAllowed, returned) == Standing.REPLACEABLE
        && replayable
        && !legacyBreakerOpen;
  }

  /**
   * The place of a provider among those that may answer a request.
   *
   * @param fallbackAllowed as in {@link FailedAttempt}, like {@code returned}
   */
  public static Standing standing(Provider provider, boolean fallbackAllowed, boolean returned) {
    if (provider == Provider.LEGACY || !fallbackAllowed) {
      return Standing.LAST_RESORT;
    }
    return returned ? Standing.SECOND_CHANCE : Standing.REPLACEABLE;
  }

  private static Standing standing(FailedAttempt attempt) {
    return standing(attempt.provider(), attempt.fallbackAllowed(), attempt.returned());
  }

  private boolean canFailOver(FailedAttempt attempt) {
    return mayFailOver(attempt) && !attempt.legacyBreakerOpen();
  }

  /**
   * Returns whether legacy may be asked instead; as the last resort it may though its breaker is
   * open.
   */
  private boolean mayFailOver(FailedAttempt attempt) {
    return standing(attempt) == Standing.REPLACEABLE && attempt.replayable() && inTime(attempt);
  }

  /**
   * Returns whether Foundry, which has not been asked yet, may be asked now that legacy has failed.
   */
  private boolean mayReturn(FailedAttempt attempt) {
    return attempt.provider() == Provider.LEGACY
        && attempt.fallbackAllowed()
        && !attempt.returned()
        && !attempt.withdrawn()
        && attempt.foundryAttempts() == 0
        && attempt.replayable()
        && inTime(attempt);
  }

  /**
   * While legacy can answer, a router that cannot be reached is not waited for, and one that was
   * rolled back meanwhile is left alone.
   */
  private boolean movesOnAtOnce(FailedAttempt attempt) {
    boolean inVain = attempt.outcome().cause() != null || attempt.withdrawn();
    return inVain && canFailOver(attempt);
  }

  /** A Foundry that was rolled back meanwhile gets no second chance. */
  private static boolean isBarred(FailedAttempt attempt) {
    return standing(attempt) == Standing.SECOND_CHANCE && attempt.withdrawn();
  }

  private NextStep retry(FailedAttempt attempt, double chance, BooleanSupplier budget) {
    RetryPolicy policy = policy(attempt.provider());
    int retries = attempt.attempts() - 1;
    boolean mayNot =
        !attempt.replayable()
            || attempt.clientRetries()
            || attempt.breakerOpen()
            || isBarred(attempt);
    if (mayNot || retries >= policy.max()) {
      return leave(attempt, chance, budget);
    }
    long delay = policy.delayMillis(retries, attempt.hintMillis(), chance);
    long end = attemptDeadline(attempt.provider(), attempt.startMillis(), canFailOver(attempt));
    boolean fits = delay < end - attempt.nowMillis();
    return fits && budget.getAsBoolean()
        ? new NextStep.Retry(delay)
        : leave(attempt, chance, budget);
  }

  private NextStep leave(FailedAttempt attempt, double chance, BooleanSupplier budget) {
    if (mayFailOver(attempt)) {
      return throttledByBoth(attempt, budget) ? lastWord(attempt) : new NextStep.FailOver();
    }
    if (mayReturn(attempt)) {
      return new NextStep.TryFoundry();
    }
    boolean legacyMay = standing(attempt) == Standing.SECOND_CHANCE && attempt.replayable();
    return legacyMay && attempt.legacyAttempts() == 0
        ? waitFor(Provider.LEGACY, attempt, chance)
        : lastWord(attempt);
  }

  /**
   * Returns whether a failover from a 429 would only find another one, and is more than the budget
   * allows. While legacy answers it is made without budget, too, but counted in it.
   */
  private static boolean throttledByBoth(FailedAttempt attempt, BooleanSupplier budget) {
    return Meaning.THROTTLED.isOf(attempt.outcome())
        && !budget.getAsBoolean()
        && attempt.legacyThrottled();
  }

  /**
   * Returns the step after a breaker let nothing through: another provider, or a wait for a place.
   */
  private NextStep refused(FailedAttempt attempt, double chance) {
    if (mayFailOver(attempt)) {
      return new NextStep.FailOver();
    }
    if (mayReturn(attempt)) {
      return new NextStep.TryFoundry();
    }
    boolean legacyUnasked = attempt.fallbackAllowed() && attempt.legacyAttempts() == 0;
    if (!legacyUnasked && isBarred(attempt)) {
      return lastWord(attempt);
    }
    return waitFor(legacyUnasked ? Provider.LEGACY : attempt.provider(), attempt, chance);
  }

  private NextStep waitFor(Provider next, FailedAttempt attempt, double chance) {
    RetryPolicy policy = policy(next);
    long delay = policy.delayMillis(attempt.waits(), OptionalLong.empty(), chance);
    boolean worthIt = attempt.waits() < policy.max() && attempt.nowMillis() + delay < end(attempt);
    return worthIt ? new NextStep.AskAgain(next, delay) : lastWord(attempt);
  }

  private NextStep lastWord(FailedAttempt attempt) {
    return attempt.hasAnswer() ? new NextStep.Relay() : new NextStep.GiveUp(code(attempt));
  }

  private ErrorCode code(FailedAttempt attempt) {
    if (isOurOwnBound(attempt)) {
      return ErrorCode.OVERLOADED;
    }
    if (attempt.fellBack()) {
      return ErrorCode.FALLBACK_FAILED;
    }
    boolean late = tookTooLong(attempt.outcome().meaning()) || !inTime(attempt);
    return late ? ErrorCode.TIMEOUT : ErrorCode.FOUNDRY_UNAVAILABLE;
  }

  private static boolean tookTooLong(Meaning meaning) {
    return switch (meaning) {
      case FIRST_CONTENT, STREAM -> true;
      case COMPLETE,
          WORDLESS,
          EMPTY_ANSWER,
          MALFORMED_ANSWER,
          TRANSIENT_STATUS,
          SERVER_ERROR,
          CREDENTIAL_REFUSED,
          THROTTLED,
          CONTENT_FILTERED,
          NOT_FOUND,
          CALLER_ERROR,
          UNREACHABLE,
          POOL_FULL,
          RESET,
          TRUNCATED,
          ERROR_EVENT,
          INCOMPLETE,
          JUNK,
          IDLE,
          PROBE_DOWN,
          BREAKER_OPEN,
          OPTION_REFUSED,
          CLIENT_GONE ->
          false;
    };
  }

  /** Our pool was full and no provider has been tried otherwise. */
  private static boolean isOurOwnBound(FailedAttempt attempt) {
    return Meaning.POOL_FULL.isOf(attempt.outcome())
        && attempt.foundryAttempts() + attempt.legacyAttempts() <= 1;
  }

  private RetryPolicy policy(Provider provider) {
    return provider == Provider.FOUNDRY ? foundry : legacy;
  }

  private boolean inTime(FailedAttempt attempt) {
    return attempt.nowMillis() < end(attempt);
  }

  private long end(FailedAttempt attempt) {
    return attempt.startMillis() + deadlines.toFirstContentMillis();
  }
}
