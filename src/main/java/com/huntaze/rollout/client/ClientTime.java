package com.huntaze.rollout.client;

/**
 * The time in which one exchange waited for its client: for a body that it had not sent, or for an
 * answer that it did not take. Nobody else is slow meanwhile.
 */
public final class ClientTime {
  private int reasons;
  private long since;
  private long nanos;

  /** The client is waited for from now on; {@code System.nanoTime}. */
  public void begin(long nowNanos) {
    if (reasons++ == 0) {
      since = nowNanos;
    }
  }

  /** One wait that has begun is over. */
  public void end(long nowNanos) {
    if (--reasons == 0) {
      nanos += nowNanos - since;
    }
  }

  /** All such time up to now. */
  public long nanos(long nowNanos) {
    return nanos + (reasons > 0 ? nowNanos - since : 0);
  }
}
