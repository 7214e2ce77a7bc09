package com.huntaze.rollout.judge.window;

import java.util.OptionalLong;

/**
 * Keeps the observations of a process independent of each other, as the sequential tests take them
 * to be: one of a user in ten seconds, and three of failures in a row. Thread-safe.
 *
 * @param once picks the exchanges of users that the sequential tests see
 * @param streaks Foundry's failures in a row
 * @param fleet what to add to this process's monotonic clock, so that it is roughly that of all
 *     processes of a fleet; empty = there is none, and what {@code once} picks is picked
 */
public record Sampling(UserSampler once, FailureStreaks streaks, OptionalLong fleet) {
  /** Of a process that begins. */
  public static Sampling begin(OptionalLong fleet) {
    return new Sampling(new UserSampler(), new FailureStreaks(), fleet);
  }

  /** Tells whether what is the first of this process may be another process's second. */
  public boolean isShared() {
    return fleet.isPresent();
  }

  /** Returns whether this is the first exchange of the user in his slot, in this process. */
  public boolean first(long user, long monotonicMillis) {
    return once.first(user, monotonicMillis + fleet.orElse(0));
  }

  /** The slot of a moment. */
  public long slot(long monotonicMillis) {
    return UserSampler.slot(monotonicMillis + fleet.orElse(0));
  }
}
