package com.huntaze.rollout.failover;

import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import com.huntaze.rollout.provider.Provider;
import java.util.function.BooleanSupplier;

/**
 * What follows on an attempt that ended before anything was sent to the client: the design's
 * "Failover and retry" and "Deadline". Stateless and immutable; a reload makes a new one.
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
   *     asked last and at most once, when nothing else is against a retry
   */
  public NextStep next(FailedAttempt attempt, double chance, BooleanSupplier budget) {
    if (attempt.outcome() instanceof Outcome.ClientGone) {
      return new NextStep.Stop();
    }
    return switch (attempt.outcome().next()) {
      case RELAY -> new NextStep.Relay();
      case STOP -> lastWord(attempt);
      case FAIL_OVER -> leave(attempt);
      case RETRY_ON_HINT ->
          attempt.hintMillis().isPresent() && !movesOnAtOnce(attempt)
              ? retry(attempt, chance, budget)
              : leave(attempt);
      case RETRY -> movesOnAtOnce(attempt) ? leave(attempt) : retry(attempt, chance, budget);
    };
  }

  /**
   * Whether a retry that was decided earlier is still right when its wait is over.
   *
   * @param attempt the one that failed then, with what is known now
   */
  public boolean stillRetries(FailedAttempt attempt) {
    return !movesOnAtOnce(attempt);
  }

  /**
   * When a provider's attempts must have had their first content: where failover is possible,
   * Foundry's part ends {@code fallbackReserve} before the request's deadline.
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
   * Whether legacy may answer in place of a provider, so that its part of the time ends early.
   *
   * @param fallbackAllowed as in {@link FailedAttempt}, like the two others
   */
  public static boolean canFailOver(
      Provider provider, boolean fallbackAllowed, boolean replayable, boolean legacyBreakerOpen) {
    return provider == Provider.FOUNDRY && fallbackAllowed && replayable && !legacyBreakerOpen;
  }

  private boolean canFailOver(FailedAttempt attempt) {
    return canFailOver(
            attempt.provider(),
            attempt.fallbackAllowed(),
            attempt.replayable(),
            attempt.legacyBreakerOpen())
        && attempt.nowMillis() < deadline(attempt);
  }

  /**
   * While legacy can answer, a router that cannot be reached is not waited for, and one that was
   * rolled back meanwhile is left alone.
   */
  private boolean movesOnAtOnce(FailedAttempt attempt) {
    boolean inVain = attempt.outcome() instanceof Outcome.Unreachable || attempt.withdrawn();
    return inVain && canFailOver(attempt);
  }

  private NextStep retry(FailedAttempt attempt, double chance, BooleanSupplier budget) {
    RetryPolicy policy = attempt.provider() == Provider.FOUNDRY ? foundry : legacy;
    int retries = attempt.attempts() - 1;
    if (!attempt.replayable() || attempt.breakerOpen() || retries >= policy.max()) {
      return leave(attempt);
    }
    long delay = policy.delayMillis(retries, attempt.hintMillis(), chance);
    long end = attemptDeadline(attempt.provider(), attempt.startMillis(), canFailOver(attempt));
    boolean fits = delay < end - attempt.nowMillis();
    return fits && budget.getAsBoolean() ? new NextStep.Retry(delay) : leave(attempt);
  }

  private NextStep leave(FailedAttempt attempt) {
    return canFailOver(attempt) ? new NextStep.FailOver() : lastWord(attempt);
  }

  private NextStep lastWord(FailedAttempt attempt) {
    return attempt.hasAnswer() ? new NextStep.Relay() : new NextStep.GiveUp(code(attempt));
  }

  private ErrorCode code(FailedAttempt attempt) {
    if (isOurOwnBound(attempt)) {
      return ErrorCode.OVERLOADED;
    }
    if (attempt.provider() == Provider.LEGACY) {
      return ErrorCode.FALLBACK_FAILED;
    }
    boolean late =
        attempt.outcome() instanceof Outcome.FirstContentTimeout
            || attempt.outcome() instanceof Outcome.StreamTimeout
            || attempt.nowMillis() >= deadline(attempt);
    return late ? ErrorCode.TIMEOUT : ErrorCode.FOUNDRY_UNAVAILABLE;
  }

  /** Our pool was full and no provider has been tried otherwise. */
  private static boolean isOurOwnBound(FailedAttempt attempt) {
    return attempt.outcome() instanceof Outcome.Unreachable unreachable
        && unreachable.cause() == UnreachableCause.POOL_FULL
        && attempt.foundryAttempts() + attempt.legacyAttempts() <= 1;
  }

  private long deadline(FailedAttempt attempt) {
    return attempt.startMillis() + deadlines.toFirstContentMillis();
  }
}
