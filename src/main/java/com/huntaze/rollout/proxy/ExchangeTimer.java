package com.huntaze.rollout.proxy;

import com.huntaze.rollout.request.Monotonic;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * The one timer of an exchange. What it waits for is asked anew each time that it fires, so that a
 * deadline that moves with every byte costs nothing until then; only one that comes nearer sets the
 * timer again.
 */
final class ExchangeTimer {
  private static final long NONE = -1;

  private final Vertx vertx;
  private final LongSupplier deadline;
  private final Runnable passed;
  private long id = NONE;
  private long at = Long.MAX_VALUE;
  private boolean cancelled;

  /**
   * @param deadline the next deadline, {@link Monotonic#millis}; {@code Long.MAX_VALUE} = none
   * @param passed called when it has passed
   */
  ExchangeTimer(Vertx vertx, LongSupplier deadline, Runnable passed) {
    this.vertx = vertx;
    this.deadline = deadline;
    this.passed = passed;
  }

  /** A deadline may have come nearer. */
  void arm() {
    armAt(cancelled ? Long.MAX_VALUE : deadline.getAsLong());
  }

  /**
   * Sets the timer for this time at the latest. Set for the nearest deadline that is to be
   * expected, it need not be set again when that comes.
   */
  void armAt(long next) {
    if (cancelled || next >= at) {
      return;
    }
    if (id != NONE) {
      vertx.cancelTimer(id);
    }
    at = next;
    id = vertx.setTimer(Math.max(1, next - Monotonic.millis()), fired -> fired());
  }

  void cancel() {
    cancelled = true;
    if (id != NONE) {
      vertx.cancelTimer(id);
      id = NONE;
    }
  }

  private void fired() {
    id = NONE;
    at = Long.MAX_VALUE;
    if (Monotonic.millis() >= deadline.getAsLong()) {
      passed.run();
    }
    arm();
  }
}
