package com.huntaze.rollout.proxy;

import com.huntaze.rollout.request.Monotonic;

/**
 * The one timer of an exchange, a place among the {@link Deadlines} of its event loop. What it
 * waits for is asked anew each time that it fires, so that a deadline that moves with every byte
 * costs nothing until then; only one that comes nearer sets the timer again.
 */
final class ExchangeTimer {
  private final Deadlines deadlines;
  private final Owner owner;
  private boolean cancelled;

  /**
   * The time at which it fires; {@code Long.MAX_VALUE} = never. Changed only while it has no place.
   */
  long at = Long.MAX_VALUE;

  /** Its index in the heap of the deadlines, which alone may change it; -1 = it has none. */
  int place = -1;

  /** Told of the deadlines of its exchange. */
  interface Owner {
    /** The next deadline, {@link Monotonic#millis}; {@code Long.MAX_VALUE} = none. */
    long nextDeadline();

    /** It has passed. */
    void deadline();
  }

  ExchangeTimer(Deadlines deadlines, Owner owner) {
    this.deadlines = deadlines;
    this.owner = owner;
  }

  /** A deadline may have come nearer. */
  void arm() {
    armAt(cancelled ? Long.MAX_VALUE : owner.nextDeadline());
  }

  /**
   * Sets the timer for this time at the latest. Set for the nearest deadline that is to be
   * expected, it need not be set again when that comes.
   */
  void armAt(long next) {
    if (cancelled || next >= at) {
      return;
    }
    deadlines.remove(this);
    at = next;
    deadlines.place(this);
  }

  void cancel() {
    cancelled = true;
    deadlines.remove(this);
  }

  /** Its time has come, and it has no place any more. */
  void fired(long now) {
    at = Long.MAX_VALUE;
    if (now >= owner.nextDeadline()) {
      owner.deadline();
    }
    arm();
  }
}
