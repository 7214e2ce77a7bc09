package com.huntaze.rollout.failover;

/**
 * The state of a provider's circuit breaker. Every change of its kind, and the end of a half-open
 * breaker's last trial, has a new, larger generation.
 */
public sealed interface BreakerState {
  /** The stamp that permits carry, so that late results can be told. */
  long generation();

  /**
   * Requests pass.
   *
   * @param failures the consecutive failures so far
   * @param share the share of trials that a last resort begins with when it opens, see {@link
   *     Trials}
   */
  record Closed(long generation, int failures, int share) implements BreakerState {
    /** Closed, with nothing held against the provider's trials. */
    public Closed(long generation, int failures) {
      this(generation, failures, Trials.FULL_SHARE);
    }
  }

  /**
   * Nothing passes where another provider can answer.
   *
   * @param sinceMillis when it opened, monotonic
   * @param trialsFromMillis when the timer should call {@link BreakerMachine#halfOpen}
   * @param trials what passes where no other provider can answer
   */
  record Open(long generation, long sinceMillis, long trialsFromMillis, Trials trials)
      implements BreakerState {
    /** Open, with no trial so far. */
    public Open(long generation, long sinceMillis, long trialsFromMillis) {
      this(generation, sinceMillis, trialsFromMillis, Trials.none(Trials.FULL_SHARE));
    }
  }

  /**
   * One trial at a time passes; at a last resort some at once.
   *
   * @param trials those under way
   */
  record HalfOpen(long generation, Trials trials) implements BreakerState {
    /** Half-open, with or without a trial under way. */
    public HalfOpen(long generation, boolean trialTaken) {
      this(generation, new Trials(trialTaken ? 1 : 0, Trials.FULL_SHARE, Trials.NEVER));
    }

    /** Returns whether a trial is under way. */
    public boolean trialTaken() {
      return trials.underWay() > 0;
    }
  }
}
