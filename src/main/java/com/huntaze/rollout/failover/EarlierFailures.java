package com.huntaze.rollout.failover;

/**
 * The failures of a provider shortly before those that opened its breaker.
 *
 * @param proven the users who had failed once each, with a request after it that began and
 *     succeeded before the breaker's failures began: no outage has begun with those. 0 after a
 *     failed trial
 * @param users all who had failed, the looping ones first of all: their trial would show nothing
 */
public record EarlierFailures(int proven, FailedUsers users) {
  /** None. */
  public static final EarlierFailures NONE = new EarlierFailures(0, FailedUsers.NONE);

  EarlierFailures afterATrial() {
    return new EarlierFailures(0, users);
  }
}
