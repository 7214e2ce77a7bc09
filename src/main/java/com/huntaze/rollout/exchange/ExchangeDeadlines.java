package com.huntaze.rollout.exchange;

import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Outcome;
import java.util.concurrent.TimeUnit;

/**
 * The deadlines of an exchange, monotonic milliseconds. A provider is held to those of a body, and
 * not to its client's pace: while the client does not read what is here the silence is not the
 * provider's, and while it sends its own body that is none.
 */
record ExchangeDeadlines(ExchangeState state, Moment now) {
  /** The nearest, {@link ExchangeState#NEVER} without one. */
  long next() {
    return switch (state.phase) {
      case READING -> state.startMillis + state.limits.toFirstContent();
      case ACQUIRING, AWAITING_HEAD, AWAITING_BODY -> state.attemptDeadline;
      case HOLDING_STREAM, KEEPING -> Math.min(state.attemptDeadline, state.holdDeadline);
      case HOLDING_WHOLE ->
          state.arriving ? Math.min(body(), state.holdDeadline) : state.attemptDeadline;
      case WAITING_RETRY -> state.retryAt;
      case RELAYING -> body();
      case DECIDING, LEAVING, ENDED -> ExchangeState.NEVER;
    };
  }

  /** The outcome of an attempt whose time is over: a client that still sends its body is late. */
  Outcome attemptLate() {
    return now.bodyAwaited() ? Meaning.CLIENT_GONE.outcome() : Meaning.FIRST_CONTENT.outcome();
  }

  /** The outcome of a body that has passed a deadline. */
  Outcome bodyLate() {
    long at = now.millis();
    if (at >= streamEnd()) {
      return Meaning.STREAM.outcome();
    } else if (at >= contentEnd()) {
      return Meaning.FIRST_CONTENT.outcome();
    }
    return now.bodyAwaited() ? Meaning.CLIENT_GONE.outcome() : Meaning.IDLE.outcome();
  }

  /** The end of a body that is coming, whether its client has a part of it or not. */
  long body() {
    long whole = Math.min(streamEnd(), contentEnd());
    return now.answerPaused() ? whole : Math.min(whole, idleEnd());
  }

  private long streamEnd() {
    return state.startMillis + state.limits.stream();
  }

  private long contentEnd() {
    return state.contentAwaited
        ? state.startMillis + state.limits.toFirstContent()
        : ExchangeState.NEVER;
  }

  /** The end of the client's body gives the provider its full time, too. */
  private long idleEnd() {
    long answered = TimeUnit.NANOSECONDS.toMillis(now.answerByteNanos());
    long asked = TimeUnit.NANOSECONDS.toMillis(now.bodyByteNanos());
    return Math.max(answered, asked) + state.limits.idle(state.provider);
  }
}
