package com.huntaze.rollout.failover;

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
    throw new UnsupportedOperationException();
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
}
