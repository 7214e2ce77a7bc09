package com.huntaze.rollout.failover;

/**
 * The one budget of retries of the whole process: over a sliding second, at most the larger of a
 * share of the requests and a fixed number (promise P4).
 *
 * <p>The second slides in steps of 50 ms. Thread-safe without locks.
 */
public final class RetryBudget {
  /** An empty budget: no request has been seen yet. */
  public RetryBudget(RetryBudgetSettings settings) {
    throw new UnsupportedOperationException();
  }

  /** A request of a client has come in; its retries and failover are not counted here. */
  public void request(long nowMillis) {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes one retry from the budget.
   *
   * @param nowMillis a monotonic clock, the same for all callers
   * @return false when the budget is used up; nothing is taken then
   */
  public boolean tryRetry(long nowMillis) {
    throw new UnsupportedOperationException();
  }
}
