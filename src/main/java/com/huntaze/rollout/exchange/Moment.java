package com.huntaze.rollout.exchange;

import com.huntaze.rollout.provider.Provider;
import java.util.concurrent.TimeUnit;

/**
 * What an exchange's machine may know of the world while it takes one step. Within a step every
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

  /** Whether a provider's breaker is open. */
  boolean breakerOpen(Provider provider);

  /** Whether legacy has answered 429 lately, and no success since. */
  boolean legacyThrottled();

  /** Whether the split would choose Foundry for nobody: its share has been taken away. */
  boolean withdrawn();

  /** Whether the request's body is kept, so that it can be sent again. */
  boolean bodyKept();

  /** Whether the client is still to send some of its body. */
  boolean bodyAwaited();

  /** When the last byte of the request's body came, nanoseconds. */
  long bodyByteNanos();

  /** When the last byte of the response came, or its head, or the client took up reading again. */
  long answerByteNanos();

  /** Whether the provider waits for the client, who takes nothing. */
  boolean answerPaused();

  /**
   * Whether a provider that has answered probes has answered none that began after a moment: it may
   * have fallen silent.
   */
  boolean doubtful(Provider provider, long sinceNanos);

  /** Takes one retry from the process's budget, if one is left; at most once in a step. */
  boolean tryRetry();
}
