package com.huntaze.rollout.exchange;

import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import java.util.OptionalLong;

/**
 * The state of an exchange. One object for its whole life, changed by {@link ExchangeMachine}
 * alone: a new one a step would be garbage on the path of every request.
 */
public final class ExchangeState {
  static final long NEVER = Long.MAX_VALUE;

  /** The stretches of an exchange's life. */
  public enum Phase {
    /** The request is being read. */
    READING,
    /** A connection to a provider is waited for. */
    ACQUIRING,
    /** The head of the response is waited for. */
    AWAITING_HEAD,
    /** The first byte of a body is waited for that will pass as it comes. */
    AWAITING_BODY,
    /** The preamble of a stream is held back. */
    HOLDING_STREAM,
    /** A body is held until it is whole. */
    HOLDING_WHOLE,
    /** The head of a failing response is here, and what follows it is open. */
    DECIDING,
    /** A failing response is read, which may have to be passed on later. */
    KEEPING,
    /** An attempt is given up, and what follows it is open. */
    LEAVING,
    /** The next attempt is waited for. */
    WAITING_RETRY,
    /** The client has a part of the response. */
    RELAYING,
    /** Nothing follows any more. */
    ENDED
  }

  /** The machine that takes its steps; {@code null} = it has taken none. */
  ExchangeMachine machine;

  final ExchangeLimits limits;
  final long startMillis;
  ExchangeTerms terms;
  Phase phase = Phase.READING;

  /** The provider whose breaker is being asked; {@code null} = none. */
  Provider asked;

  /** Of the last attempt; {@code null} = there was none yet. */
  Provider provider;

  long begunNanos;
  boolean sent;
  boolean settled = true;
  long attemptDeadline = NEVER;

  int foundryAttempts;
  int legacyAttempts;
  int waits;

  /** Those of all attempts that found no free connection, so that nobody was asked. */
  int crowded;

  /** Those that were made without what we had added to the request; they are not repetitions. */
  int plainAttempts;

  /** The longest that a retry has waited for a provider to recover, milliseconds. */
  long foundryRestMillis;

  long legacyRestMillis;

  /** Foundry is, or was, asked after legacy had failed. */
  boolean returned;

  boolean lookedForElsewhere;

  /** The provider that refused what we had added to the request; {@code null} = none has. */
  Provider plainAt;

  /** The failure of Foundry for which legacy was asked in its stead. */
  Outcome failedOver;

  long holdDeadline = NEVER;
  boolean waitsForProbe;

  /** Of the response that is being held or passed on. */
  ErrorForm errorForm = ErrorForm.NONE;

  boolean contentAwaited;
  boolean arriving;

  /** The length of a body that is held whole is known. */
  boolean measured;

  /** Of the failure whose consequence is open. */
  Outcome failure;

  OptionalLong hint = OptionalLong.empty();

  /** The response that failed, as long as it may pass. */
  ExchangeEvent.Answered answer;

  /** The budget has been asked for a retry after that failure. */
  boolean budgetAsked;

  boolean retryGranted;

  /** Nothing follows the response that is being kept. */
  boolean keptIsFinal;

  /** A response is kept that can be passed on. */
  boolean hasAnswer;

  /** Of the attempt that is waited for. */
  Provider retryProvider;

  Outcome retryFailure;

  /** A place at a breaker is waited for, and not the end of a retry's delay. */
  boolean placeAwaited;

  long retryAt = NEVER;

  /**
   * @param startMillis when the request began, monotonic
   */
  public ExchangeState(ExchangeLimits limits, long startMillis) {
    this.limits = limits;
    this.startMillis = startMillis;
  }

  /** That of a message which is no request, so that nobody is asked. */
  public static ExchangeState none() {
    return new ExchangeState(null, 0);
  }

  /** Takes what is known of the request, before it is {@link ExchangeEvent.Ready}. */
  public void accept(ExchangeTerms known) {
    terms = known;
  }

  public Phase phase() {
    return phase;
  }

  /** Tells whether the first content of a response is waited for. */
  public boolean waits() {
    return switch (phase) {
      case ACQUIRING, AWAITING_HEAD, AWAITING_BODY, HOLDING_STREAM, HOLDING_WHOLE, KEEPING -> true;
      case READING, DECIDING, LEAVING, WAITING_RETRY, RELAYING, ENDED -> false;
    };
  }

  /** Tells whether the end of a wait may depend on what is heard of a provider. */
  public boolean listens() {
    return phase == Phase.WAITING_RETRY ? placeAwaited : waits();
  }

  /** The form in which an error can be told within the response that is held or passed on. */
  public ErrorForm errorForm() {
    return errorForm;
  }

  /** Tells whether a provider gets the request without what we add to it. */
  public boolean plain(Provider at) {
    return plainAt == at;
  }

  /** Tells whether legacy was asked in Foundry's stead. */
  public boolean fellBack() {
    return legacyAttempts > 0
        && terms.chosen().provider() == Provider.FOUNDRY
        && !lookedForElsewhere;
  }

  /** The requests that were sent, or tried to be sent, to both providers together. */
  public int asked() {
    return repetitions() + plainAttempts;
  }

  /**
   * Tells whether a failure is to be taken as the last word: the request was repeated already, and
   * the provider does not wish for a longer wait than it was given.
   *
   * @param by the provider whose failure is told
   * @param hint its wish for the next attempt, milliseconds
   */
  public boolean exhausted(Provider by, OptionalLong hint) {
    long rested = by == Provider.FOUNDRY ? foundryRestMillis : legacyRestMillis;
    return repetitions() > 1 && terms.repeatable() && hint.orElse(0) <= rested;
  }

  /** The last attempt's wish for the next one, milliseconds. */
  public OptionalLong hint() {
    return hint;
  }

  private int repetitions() {
    return foundryAttempts + legacyAttempts - crowded;
  }

  void rested(Provider at, long millis) {
    if (at == Provider.FOUNDRY) {
      foundryRestMillis = Math.max(foundryRestMillis, millis);
    } else {
      legacyRestMillis = Math.max(legacyRestMillis, millis);
    }
  }

  /** The provider that serves, or served, the request by now, and why. */
  public ProviderChoice served() {
    if (provider != Provider.LEGACY || terms.chosen().provider() == Provider.LEGACY) {
      return terms.chosen();
    }
    Reason reason = lookedForElsewhere ? terms.chosen().reason() : Reason.FALLBACK;
    return new ProviderChoice(Provider.LEGACY, reason);
  }

  int attempts(Provider at) {
    return at == Provider.FOUNDRY ? foundryAttempts : legacyAttempts;
  }
}
