package com.huntaze.rollout.exchange;

import com.huntaze.rollout.provider.Provider;
import java.util.concurrent.TimeUnit;

/**
 * The world as an exchange's machine may know it while it takes one step. Within a step every
 * question has one answer; {@link #tryRetry} alone changes something when it is asked.
 */
public interface Moment {
  /** The monotonic clock, nanoseconds. */
  long nanos();

  /** The same clock, milliseconds. */
  default long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos());
  }

  /** A uniform random number for the jitter of a retry, 0..1. */
  double chance();

  /** Tells whether a provider's breaker is open. */
  boolean breakerOpen(Provider provider);

  /** Tells whether legacy has answered 429 lately, and no success since. */
  boolean legacyThrottled();

  /** Tells whether the split would choose Foundry for nobody: its share has been taken away. */
  boolean withdrawn();

  /** Tells whether the request's body is kept, so that it can be sent again. */
  boolean bodyKept();

  /** Tells whether the client is still to send some of its body. */
  boolean bodyAwaited();

  /** The time of the last byte of the request's body, nanoseconds. */
  long bodyByteNanos();

  /** The time of the response's last byte, or since the client reads again, nanoseconds. */
  long answerByteNanos();

  /** Tells whether the provider waits for the client, who takes nothing. */
  boolean answerPaused();

  /**
   * Tells whether a provider that has answered probes has answered none that began after a moment:
   * it may have fallen silent.
   */
  boolean doubtful(Provider provider, long sinceNanos);

  /** Takes one retry from the process's budget, if one is left; at most once in a step. */
  boolean tryRetry();
}
