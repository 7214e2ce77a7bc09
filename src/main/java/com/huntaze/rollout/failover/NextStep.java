package com.huntaze.rollout.failover;

/** What happens after an attempt that ended before anything was sent to the client. */
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

  /**
   * An error of our own, for no provider answered.
   *
   * @param code which
   */
  record GiveUp(ErrorCode code) implements NextStep {}

  /** The client has left: nothing is sent to anybody. */
  record Stop() implements NextStep {}
}
