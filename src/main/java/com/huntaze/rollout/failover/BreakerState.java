package com.huntaze.rollout.failover;

/**
 * The state of a provider's circuit breaker. Every change of its kind, and the end of a half-open
 * breaker's last trial, has a new, larger generation.
 */
public sealed interface BreakerState {
  /** The users whose failures speak against the provider. */
  FailedUsers users();

  /** The stamp that permits carry, so that late results can be told. */
  long generation();

  /**
   * Requests pass.
   *
   * @param failures the consecutive failed exchanges so far
   * @param share the share of trials that a last resort begins with when it opens, see {@link
   *     Trials}
   * @param users whose exchanges these were
   * @param before the last results, see {@link RecentResults}
   */
  record Closed(long generation, int failures, int share, FailedUsers users, RecentResults before)
      implements BreakerState {
    /** Closed, with nothing held against the provider's trials. */
    public Closed(long generation, int failures) {
      this(generation, failures, Trials.FULL_SHARE);
    }

    /** Closed, with failures of nobody in particular. */
    public Closed(long generation, int failures, int share) {
      this(generation, failures, share, FailedUsers.NONE, RecentResults.NONE);
    }
  }

  /**
   * Nothing passes where another provider can answer.
   *
   * @param sinceMillis when it opened, monotonic
   * @param trialsFromMillis when the timer should call {@link BreakerMachine#halfOpen}
   * @param trials what passes where no other provider can answer
   * @param failedTrials the trials that have failed since it was closed
   * @param users whose failures opened it, and whose trials failed
   * @param earlier the failures shortly before
   */
  record Open(
      long generation,
      long sinceMillis,
      long trialsFromMillis,
      Trials trials,
      int failedTrials,
      FailedUsers users,
      EarlierFailures earlier)
      implements BreakerState {
    /** Open, with no trial so far. */
    public Open(long generation, long sinceMillis, long trialsFromMillis) {
      this(generation, sinceMillis, trialsFromMillis, Trials.none(Trials.FULL_SHARE));
    }

    /** Open for the first time, on failures of nobody in particular. */
    public Open(long generation, long sinceMillis, long trialsFromMillis, Trials trials) {
      this(
          generation,
          sinceMillis,
          trialsFromMillis,
          trials,
          0,
          FailedUsers.NONE,
          EarlierFailures.NONE);
    }

    /** Returns the time from its opening to its first trial, milliseconds. */
    public long waitMillis() {
      return trialsFromMillis - sinceMillis;
    }
  }

  /**
   * One trial at a time passes; at a last resort some at once.
   *
   * @param trials those under way
   * @param fromMillis since when trials may begin, monotonic
   * @param failedTrials the trials that have failed since it was closed
   * @param users whose failures opened it, and whose trials failed
   * @param earlier the failures shortly before
   */
  record HalfOpen(
      long generation,
      Trials trials,
      long fromMillis,
      int failedTrials,
      FailedUsers users,
      EarlierFailures earlier)
      implements BreakerState {
    /** Half-open for the first time, after failures of nobody in particular. */
    public HalfOpen(long generation, Trials trials) {
      this(generation, trials, 0, 0, FailedUsers.NONE, EarlierFailures.NONE);
    }

    /** Half-open, with or without a trial under way. */
    public HalfOpen(long generation, boolean trialTaken) {
      this(generation, new Trials(trialTaken ? 1 : 0, Trials.FULL_SHARE, Trials.NEVER));
    }

    /** Returns those whose trial would show nothing: they may fail whatever the provider does. */
    public FailedUsers unfit() {
      return users.and(earlier.users());
    }

    /** Returns whether a trial is under way. */
    public boolean trialTaken() {
      return trials.underWay() > 0;
    }
  }
}
