package com.huntaze.rollout.proxy;

import com.huntaze.rollout.failover.RetryBudget;
import java.util.function.BooleanSupplier;

/**
 * One question to the process's retry budget: it is charged once at most, and says the same however
 * often it is asked.
 */
final class RetryGrant implements BooleanSupplier {
  private final RetryBudget budget;
  private boolean asked;
  private boolean granted;

  RetryGrant(RetryBudget budget) {
    this.budget = budget;
  }

  @Override
  public boolean getAsBoolean() {
    if (!asked) {
      asked = true;
      granted = budget.tryRetry(Monotonic.millis());
    }
    return granted;
  }

  /** Whether a retry was taken; the budget is not asked. */
  boolean granted() {
    return granted;
  }
}
