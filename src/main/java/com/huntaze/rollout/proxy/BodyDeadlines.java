package com.huntaze.rollout.proxy;

import com.huntaze.rollout.outcome.Outcome;
import java.time.Duration;

/**
 * The deadlines of an answer whose body has begun to come, {@link Monotonic#millis}. A provider is
 * held to them, and not to its client's pace: while the client does not read what is here its
 * silence is not its own, and while the client sends its body that is not silence.
 */
final class BodyDeadlines {
  private final Ask ask;
  private final ResponseRelay relay;
  private final Duration idle;
  private final TimeoutSettings timeouts;
  private boolean contentAwaited;

  /**
   * @param idle the longest silence
   */
  BodyDeadlines(Ask ask, ResponseRelay relay, Duration idle, TimeoutSettings timeouts) {
    this.ask = ask;
    this.relay = relay;
    this.idle = idle;
    this.timeouts = timeouts;
    this.contentAwaited = relay.holdsBack();
  }

  /**
   * Of a stream the first content is here. Until then the deadline for it holds, though the
   * client's head may have gone.
   */
  void content() {
    contentAwaited = false;
  }

  /** The nearest. */
  long next() {
    long whole = Math.min(streamEnd(), contentEnd());
    return relay.paused() ? whole : Math.min(whole, idleEnd());
  }

  /** What has passed by now. */
  Outcome passed(long nowMillis) {
    if (nowMillis >= streamEnd()) {
      return new Outcome.StreamTimeout();
    } else if (nowMillis >= contentEnd()) {
      return new Outcome.FirstContentTimeout();
    }
    return ask.body().awaited() ? new Outcome.ClientGone() : new Outcome.IdleTimeout();
  }

  private long streamEnd() {
    return ask.startMillis() + timeouts.stream().toMillis();
  }

  private long contentEnd() {
    return contentAwaited
        ? ask.startMillis() + timeouts.toFirstContent().toMillis()
        : Long.MAX_VALUE;
  }

  /** The end of the client's body gives the provider its full time, too. */
  private long idleEnd() {
    long answered = Monotonic.millis(relay.lastByteNanos());
    long asked = Monotonic.millis(ask.body().lastByteNanos());
    return Math.max(answered, asked) + idle.toMillis();
  }
}
