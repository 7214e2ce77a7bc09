package com.huntaze.rollout.exchange;

import java.util.function.BooleanSupplier;

/**
 * One question to the process's retry budget: it is charged once at most, and says the same however
 * often it is asked.
 */
final class RetryGrant implements BooleanSupplier {
  private final Moment now;
  private boolean asked;
  private boolean granted;

  RetryGrant(Moment now) {
    this.now = now;
  }

  @Override
  public boolean getAsBoolean() {
    if (!asked) {
      asked = true;
      granted = now.tryRetry();
    }
    return granted;
  }

  /** Returns whether a retry was taken; the budget is not asked. */
  boolean granted() {
    return granted;
  }
}
