package com.huntaze.rollout.proxy;

import com.huntaze.rollout.outcome.Outcome;

/**
 * The deadlines of an answer whose body has begun to come, {@link Monotonic#millis}.
 *
 * @param startMillis when the request began
 * @param idleMillis until when the next byte must come
 * @param contentAwaited whether only a preamble has come: then the deadline of the first content
 *     still holds, though the client's head has gone
 */
record BodyDeadlines(
    long startMillis, long idleMillis, boolean contentAwaited, TimeoutSettings timeouts) {

  /**
   * The nearest.
   *
   * @param paused whether the upstream waits for the client, so that its silence is not its own
   */
  long ofBody(boolean paused) {
    long whole = Math.min(stream(), content());
    return paused ? whole : Math.min(whole, idleMillis);
  }

  /** What has passed by now. */
  Outcome passed(long nowMillis) {
    if (nowMillis >= stream()) {
      return new Outcome.StreamTimeout();
    }
    return nowMillis >= content() ? new Outcome.FirstContentTimeout() : new Outcome.IdleTimeout();
  }

  private long stream() {
    return startMillis + timeouts.stream().toMillis();
  }

  private long content() {
    return contentAwaited ? startMillis + timeouts.toFirstContent().toMillis() : Long.MAX_VALUE;
  }
}
