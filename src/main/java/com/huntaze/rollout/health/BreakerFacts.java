package com.huntaze.rollout.health;

/**
 * The facts about Foundry's circuit breaker.
 *
 * @param open whether it is open: nothing is sent, not even a trial
 * @param probeDown whether the active probe finds Foundry down, and has for a while
 * @param firstTrialFailed whether a trial since it opened has failed
 * @param users the distinct users among the failures that opened it, as far as it tells them apart
 * @param usersLately the distinct users of the last ten minutes, as far as it tells them apart
 * @param openings how often it has opened within ten minutes, each time on enough users
 * @param earlier the users who had failed shortly before it opened, once each, and were followed by
 *     requests that began and succeeded before those that opened it began
 */
public record BreakerFacts(
    boolean open,
    boolean probeDown,
    boolean firstTrialFailed,
    int users,
    int usersLately,
    int openings,
    int earlier) {
  /** A closed breaker. */
  public static final BreakerFacts CLOSED = new BreakerFacts(false, false, false, 0, 0, 0, 0);

  /** The users that have to be among the failures, where there are so many. */
  public static final int ENOUGH_USERS = 3;

  /** The openings that are a finding by themselves. */
  public static final int MANY_OPENINGS = 3;

  /** So many users who had failed before, and it is no outage that has begun with the last ones. */
  public static final int FAILED_BEFORE = 2;

  /**
   * Returns whether the failures that opened it are of three users, or of all there are. One user
   * alone is believed only where the probe says the same: he may fail whatever Foundry does.
   */
  boolean isOfMany() {
    int least = probeDown ? 1 : 2;
    return users >= Math.min(ENOUGH_USERS, Math.max(least, usersLately));
  }

  /** Returns whether it is open, and a trial or the probe has confirmed that. */
  public boolean isConfirmed() {
    return open && (probeDown || firstTrialFailed) && isOfMany();
  }

  /**
   * Returns whether it has opened among other failures. A blip begins among successes: where 0.5 %
   * fail anyway, two users have failed within the last requests before it in 0.3 % of blips; of a
   * Foundry that fails every other time in 9 of 10 openings.
   */
  public boolean isAmongFailures() {
    return open && earlier >= FAILED_BEFORE && users >= ENOUGH_USERS;
  }

  public boolean opensAgainAndAgain() {
    return openings >= MANY_OPENINGS;
  }
}
