package com.huntaze.rollout.proxy;

import com.huntaze.rollout.exchange.ErrorForm;
import com.huntaze.rollout.failover.ErrorCode;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.relay.HeldAnswer;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;

/**
 * Told what comes of a {@link AttemptLoop}: first {@code commits} or an ending, then exactly one
 * ending.
 */
interface AttemptLoopListener {
  /** The first bytes of an answer are about to go: its head must be written now. */
  void commits(HttpClientResponse answer);

  /** The answer is here whole, and its end is about to be written. */
  void relayed();

  /**
   * The answer has been handed to the client's connection whole.
   *
   * @param taken when that has taken it
   */
  void handedOver(Future<Void> taken);

  /** The answer broke off after a part of it went to the client. */
  void cutShort(Outcome outcome, ErrorForm form);

  /** No attempt succeeded; the last answer that a provider gave passes as it is. */
  void passes(HeldAnswer answer);

  /** The request's body has not come in time. */
  void bodyLate();

  /** No provider answered. */
  void givenUp(ErrorCode code, Provider provider, Outcome outcome);

  /** A deadline may have come nearer. */
  void deadlineMoved();
}
