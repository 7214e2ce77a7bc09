package com.huntaze.rollout.judge.window;

/**
 * Keeps the observations of a process independent of each other, as the sequential tests take them
 * to be: one of a user in ten seconds, and three of failures in a row. Thread-safe.
 *
 * @param once picks the exchanges of users that the sequential tests see
 * @param streaks Foundry's failures in a row
 */
public record Sampling(UserSampler once, FailureStreaks streaks) {
  /** Of a process that begins. */
  public static Sampling begin() {
    return new Sampling(new UserSampler(), new FailureStreaks());
  }
}
