package com.huntaze.rollout.exchange;

import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import java.util.OptionalLong;

/** Something that happens to an exchange, as its machine is told of it. */
public sealed interface ExchangeEvent {
  /** Has a machine take the event; the compiler knows of every event that there is. */
  void at(ExchangeMachine machine);

  /** The request can be sent: its body is here as far as it is kept, and its caller is known. */
  record Ready() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.ready();
    }
  }

  /** The breaker of the provider that was to be asked lets an attempt through. */
  record Admitted() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.admitted();
    }
  }

  /** The breaker of the provider that was to be asked lets no attempt through. */
  record Refused() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.refused();
    }
  }

  /** A connection is there, and the request is about to be written to it. */
  record Sent() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.sent();
    }
  }

  /** The attempt's end has been recorded; its breaker may have opened by that. */
  record Settled() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.settled();
    }
  }

  /** The provider has sent a 103 (RFC 8297). */
  record Hinted() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.hinted();
    }
  }

  /**
   * The head of the final response is here.
   *
   * @param outcome the meaning of its status
   * @param body how its body comes
   * @param errorForm the form in which an error can be told within its body
   * @param error whether its status is one of an error
   * @param hintMillis the provider's wish for the next attempt, see {@code RetryHint}
   * @param optionRefused whether it may refuse an option that we have added to the request
   */
  record Answered(
      Outcome outcome,
      Body body,
      ErrorForm errorForm,
      boolean error,
      OptionalLong hintMillis,
      boolean optionRefused)
      implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.answered(this);
    }
  }

  /** The ways in which the body of a response comes. */
  enum Body {
    /** A stream whose preamble is held back until its first content. */
    STREAM,
    /** A body that is held until it is whole. */
    WHOLE,
    /** A body of unknown length, held until it is whole but no longer than the hold-back. */
    UNMEASURED,
    /** A body that passes as it comes. */
    PASSING
  }

  /**
   * A failing response is not read any further.
   *
   * @param whole whether all of it is here, so that it can be passed on later
   * @param meaning the meaning of what was read of it
   */
  record Kept(boolean whole, Outcome meaning) implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.kept(whole, meaning);
    }
  }

  /** The first byte of a body that is held whole. */
  record Arriving() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.arriving();
    }
  }

  /** The first content of a stream. */
  record Content() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.content();
    }
  }

  /**
   * The first bytes of the response are about to go to the client.
   *
   * @param ended whether they are all of a body that was held whole
   */
  record Committing(boolean ended) implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.committing(ended);
    }
  }

  /**
   * All of the response is here, and its end is about to be written.
   *
   * @param outcome the meaning of the whole
   */
  record Relayed(Outcome outcome) implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.relayed(outcome);
    }
  }

  /** The body broke off, or began with an error. */
  record Broken(Outcome outcome) implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.broken(outcome);
    }
  }

  /**
   * All of the response is here and nothing of it with the client, and it is no answer to what was
   * asked. It is kept, and passes if nothing better can be had.
   */
  record Unfit(Outcome outcome) implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.unfit(outcome);
    }
  }

  /** The attempt ended without a response. */
  record Lost(Outcome outcome) implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.lost(outcome);
    }
  }

  /**
   * A provider's probe has failed.
   *
   * @param sinceNanos when the first of the failed probes began, monotonic
   */
  record ProbeDown(Provider provider, long sinceNanos) implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.probeDown(provider, sinceNanos);
    }
  }

  /** A provider has answered its probe. */
  record ProbeUp(Provider provider) implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.probeUp(provider);
    }
  }

  /** The breaker of a provider has closed, after a time in which it let next to nothing through. */
  record BreakerClosed(Provider provider) implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.breakerClosed(provider);
    }
  }

  /** The time that {@link ExchangeMachine#deadline} told may have come. */
  record DeadlineReached() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.deadlineReached();
    }
  }

  /** The client has left, or is refused: nothing is sent to anybody any more. */
  record Stopped() implements ExchangeEvent {
    @Override
    public void at(ExchangeMachine machine) {
      machine.stopped();
    }
  }
}
