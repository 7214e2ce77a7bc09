package com.huntaze.rollout.exchange;

import com.huntaze.rollout.outcome.Meaning;
import com.huntaze.rollout.outcome.Next;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.outcome.UnreachableCause;
import java.util.OptionalLong;

/** The fate of one attempt: how far it comes, and what ends it there. */
record Fate(Until until, End end) {
  /** The point that an attempt reaches before its fate strikes. */
  enum Until {
    ACQUIRING,
    AWAITING_HEAD,
    AWAITING_BODY,
    HOLDING_STREAM,
    HOLDING_WHOLE,
    KEEPING,
    WAITING_RETRY,
    RELAYING_STREAM,
    RELAYING_WHOLE
  }

  /** The event that ends it. */
  enum End {
    /** It goes well. */
    WELL,
    /** The connection is lost, or the body breaks off. */
    BREAKS,
    /** The body comes whole and is no answer; where it is too early or late for that, it breaks. */
    UNFIT,
    /** Nothing comes any more. */
    SILENCE,
    /** Its provider's probe finds it down, then nothing comes any more. */
    PROBE_DOWN,
    /** The client leaves. */
    CLIENT_GONE
  }

  private static final Outcome DOWN = Meaning.TRANSIENT_STATUS.outcome(503);

  /** The head of the response on the way to that point. */
  ExchangeEvent.Answered head() {
    return switch (until) {
      case HOLDING_STREAM, RELAYING_STREAM -> head(Meaning.COMPLETE.outcome(), true);
      case RELAYING_WHOLE -> head(Meaning.COMPLETE.outcome(), ExchangeEvent.Body.UNMEASURED);
      case HOLDING_WHOLE, ACQUIRING, AWAITING_HEAD ->
          head(Meaning.COMPLETE.outcome(), ExchangeEvent.Body.WHOLE);
      case AWAITING_BODY -> head(Meaning.COMPLETE.outcome(), ExchangeEvent.Body.PASSING);
      case KEEPING, WAITING_RETRY -> head(DOWN, ExchangeEvent.Body.WHOLE);
    };
  }

  private static ExchangeEvent.Answered head(Outcome outcome, boolean stream) {
    return new ExchangeEvent.Answered(
        outcome,
        ExchangeEvent.Body.STREAM,
        stream ? ErrorForm.EVENT : ErrorForm.NONE,
        false,
        OptionalLong.empty(),
        false);
  }

  private static ExchangeEvent.Answered head(Outcome outcome, ExchangeEvent.Body body) {
    return new ExchangeEvent.Answered(
        outcome, body, ErrorForm.NONE, outcome.next() != Next.RELAY, OptionalLong.empty(), false);
  }

  /** Tells whether the response is one of a failing provider. */
  boolean failing() {
    return until == Until.KEEPING || until == Until.WAITING_RETRY;
  }

  /** Tells whether the client has a part of the response when the fate strikes. */
  boolean committed() {
    return until == Until.RELAYING_STREAM || until == Until.RELAYING_WHOLE;
  }

  /** The event of an end without an answer at that point. */
  ExchangeEvent ends() {
    return switch (until) {
      case AWAITING_BODY, HOLDING_STREAM, HOLDING_WHOLE ->
          end == End.UNFIT ? new ExchangeEvent.Unfit(Meaning.EMPTY_ANSWER.outcome()) : breaks();
      case ACQUIRING, AWAITING_HEAD, KEEPING, WAITING_RETRY, RELAYING_STREAM, RELAYING_WHOLE ->
          breaks();
    };
  }

  /** The event of a break at that point. */
  private ExchangeEvent breaks() {
    return switch (until) {
      case ACQUIRING ->
          new ExchangeEvent.Lost(Outcome.unreachable(UnreachableCause.CONNECT_REFUSED));
      case AWAITING_HEAD -> new ExchangeEvent.Lost(Meaning.RESET.outcome());
      case KEEPING, WAITING_RETRY -> new ExchangeEvent.Kept(false, DOWN);
      case AWAITING_BODY, HOLDING_STREAM, HOLDING_WHOLE, RELAYING_STREAM, RELAYING_WHOLE ->
          new ExchangeEvent.Broken(Meaning.TRUNCATED.outcome());
    };
  }
}
