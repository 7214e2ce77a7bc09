package com.huntaze.rollout.lease;

/**
 * One replica's view of the lease: pure, it decides when to beat, to stop, to wait and to try.
 *
 * <p>A holder counts from before its beat was written, and stops at two thirds of the lease. A
 * challenger counts from after it has read that beat, and waits for all of it. So the two never
 * overlap as long as no clock runs half as fast again as another, whatever the clocks say: only
 * durations of one clock are ever compared.
 *
 * @param self who this replica is
 * @param seen the latest record that was seen, {@code null} = none
 * @param seenAt when it was first seen, monotonic
 * @param highest the largest term that anything has told of
 * @param own the record by which this replica holds the lease, {@code null} = it does not
 * @param began when its latest beat was begun, monotonic
 */
public record LeaseMachine(
    LeaseTimes times,
    String self,
    LeaseRecord seen,
    long seenAt,
    long highest,
    LeaseRecord own,
    long began) {

  /** The things to do next. */
  public enum Verdict {
    /** This replica leads, and has shown it lately. */
    HOLD,
    /** This replica leads, and must show it. */
    BEAT,
    /** This replica has led until now. */
    STOP,
    /** Another one leads, or may still believe so. */
    WAIT,
    /** Nobody leads: this replica may try to. */
    TRY
  }

  /** The view after an event, and what to do. */
  public record Step(LeaseMachine next, Verdict verdict) {}

  /** A replica that knows nothing yet. */
  public static LeaseMachine of(LeaseTimes times, String self) {
    return new LeaseMachine(times, self, null, 0, 0, null, 0);
  }

  /**
   * The record was looked at.
   *
   * @param record what it says, {@code null} = there is none
   * @param gone whether the process of that record's holder has ended for certain
   */
  public Step step(LeaseRecord record, boolean gone, long nowMillis) {
    LeaseMachine next = noticed(record, nowMillis);
    if (own != null) {
      return next.holding(nowMillis);
    }
    return new Step(next, next.free(gone, nowMillis) ? Verdict.TRY : Verdict.WAIT);
  }

  /** The record could not be looked at: a holder goes on as long as its time lasts. */
  public Step blind(long nowMillis) {
    return own == null ? new Step(this, Verdict.WAIT) : holding(nowMillis);
  }

  /** Takes notice of a record; one of a lower term or an earlier beat is no news. */
  public LeaseMachine noticed(LeaseRecord record, long nowMillis) {
    if (record == null || seen != null && !record.isNews(seen)) {
      return this;
    }
    return new LeaseMachine(
        times, self, record, nowMillis, Math.max(highest, record.term()), own, began);
  }

  /**
   * A record of this replica's is there for the others to see.
   *
   * @param begun when the writing of it began
   */
  public LeaseMachine wrote(LeaseRecord record, long begun) {
    return new LeaseMachine(
        times, self, record, begun, Math.max(highest, record.term()), record, begun);
  }

  /** A record of this replica's is about to be written, and may be seen whatever becomes of it. */
  public LeaseMachine writes(LeaseRecord record) {
    return new LeaseMachine(times, self, seen, seenAt, highest, record, began);
  }

  /** This replica leads no more. */
  public LeaseMachine stopped() {
    return new LeaseMachine(times, self, seen, seenAt, highest, null, began);
  }

  /** Returns the first record of a term that nothing is known of. */
  public LeaseRecord candidate(long least) {
    return LeaseRecord.first(1 + Math.max(highest, least), self);
  }

  /** Returns whether this replica leads at that moment, by its own clock. */
  public boolean holds(long nowMillis) {
    return own != null && nowMillis - began < times.stopMillis();
  }

  /** Returns the term of its lead, 0 = it does not lead. */
  public long term() {
    return own == null ? 0 : own.term();
  }

  private Step holding(long nowMillis) {
    boolean overtaken = seen != null && seen.term() >= own.term() && !seen.isOf(own);
    if (overtaken || !holds(nowMillis)) {
      return new Step(stopped(), Verdict.STOP);
    }
    boolean due = nowMillis - began >= times.beatMillis();
    return new Step(this, due ? Verdict.BEAT : Verdict.HOLD);
  }

  private boolean free(boolean gone, long nowMillis) {
    if (seen == null || seen.ended()) {
      return true;
    }
    long unchanged = nowMillis - seenAt;
    return unchanged >= times.leaseMillis() || gone && unchanged >= times.graceMillis();
  }
}
