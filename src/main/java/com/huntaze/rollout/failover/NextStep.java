package com.huntaze.rollout.failover;

import com.huntaze.rollout.provider.Provider;

/** The step after an attempt that ended before anything was sent to the client. */
public sealed interface NextStep {
  /** The last answer that a provider gave passes to the client as it is. */
  record Relay() implements NextStep {}

  /**
   * Another attempt at the same provider; the budget has been charged.
   *
   * @param delayMillis the wait before it
   */
  record Retry(long delayMillis) implements NextStep {}

  /** An attempt at legacy, now. */
  record FailOver() implements NextStep {}

  /** An attempt at Foundry, now: its breaker refused it at first, and legacy has failed since. */
  record TryFoundry() implements NextStep {}

  /**
   * Another question to a breaker; nothing was sent, and no budget is charged.
   *
   * @param provider whose breaker is asked
   * @param delayMillis the wait before it
   */
  record AskAgain(Provider provider, long delayMillis) implements NextStep {}

  /**
   * An error of our own, for no provider answered.
   *
   * @param code which
   */
  record GiveUp(ErrorCode code) implements NextStep {}

  /** The client has left: nothing is sent to anybody. */
  record Stop() implements NextStep {}
}
