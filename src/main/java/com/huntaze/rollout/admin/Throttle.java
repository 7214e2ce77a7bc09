package com.huntaze.rollout.admin;

import io.vertx.core.Vertx;
import java.util.function.Consumer;

/**
 * Lets one value pass in a stretch of time: the first at once, of the others the newest at its end.
 * Lives on one event loop.
 */
final class Throttle<T> {
  private final Vertx vertx;
  private final long millis;
  private final Consumer<T> to;
  private boolean resting;
  private T waiting;

  Throttle(Vertx vertx, long millis, Consumer<T> to) {
    this.vertx = vertx;
    this.millis = millis;
    this.to = to;
  }

  void offer(T value) {
    if (resting) {
      waiting = value;
      return;
    }
    resting = true;
    to.accept(value);
    vertx.setTimer(millis, over -> wake());
  }

  private void wake() {
    resting = false;
    if (waiting != null) {
      T newest = waiting;
      waiting = null;
      offer(newest);
    }
  }
}
