package com.huntaze.rollout.proxy;

import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Consumption;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.cost.Receipt;
import com.huntaze.rollout.outcome.Outcome;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayList;
import java.util.List;

/** The time and cost of one request so far, attempt by attempt. */
final class Account {
  private final Billing billing;
  private final Ask ask;
  private final Trace trace;
  private final long startNanos;
  private final List<Charge> charges = new ArrayList<>(1);
  private int attempts;
  private long attemptNanos;
  private long providerNanos;
  private long firstContentNanos = -1;
  private UpstreamClient client;
  private AttemptTrace attemptTrace;
  private UsageTap tap;
  private int status;
  private Outcome last;
  private Receipt.UpstreamIds ids = Receipt.UpstreamIds.NONE;
  private Receipt.Served served = Receipt.Served.NOTHING;

  /**
   * @param trace the exchange's part in a trace, {@code null} = tracing is off
   * @param startNanos when the request began, {@code System.nanoTime}
   */
  Account(Billing billing, Ask ask, Trace trace, long startNanos) {
    this.billing = billing;
    this.ask = ask;
    this.trace = trace;
    this.startNanos = startNanos;
  }

  /** An attempt begins. */
  void began(UpstreamClient asked) {
    client = asked;
    if (trace != null) {
      attemptTrace = trace.attempt(client, ask.identity().model(), attempts);
    }
    attempts++;
    attemptNanos = System.nanoTime();
    firstContentNanos = -1;
    status = 0;
    ids = Receipt.UpstreamIds.NONE;
    tap = null;
  }

  /**
   * The head of an answer is here.
   *
   * @param asksUsage whether we have asked a stream for its usage
   */
  void answered(HttpClientResponse answer, boolean asksUsage) {
    status = answer.statusCode();
    ids =
        new Receipt.UpstreamIds(
            answer.getHeader(HeaderNames.UPSTREAM_REQUEST_ID),
            answer.getHeader(HeaderNames.APIM_REQUEST_ID));
    tap = UsageTap.of(billing, ask, client, answer, asksUsage);
  }

  /** The current attempt's part in a trace, {@code null} = tracing is off. */
  AttemptTrace trace() {
    return attemptTrace;
  }

  /** Returns the reader of the current attempt's answer, {@code null} = none. */
  UsageTap tap() {
    return tap;
  }

  /** Says in the head of the answer what it tells of itself so far. */
  void describe(MultiMap headers) {
    if (tap != null) {
      tap.describe(headers);
    }
  }

  /** The first content of the answer is here. */
  void content() {
    if (firstContentNanos < 0) {
      firstContentNanos = System.nanoTime() - startNanos;
    }
  }

  /**
   * An attempt has ended.
   *
   * @return what it cost, {@code null} if it cannot have cost anything
   */
  Charge ended(Attempt attempt, Outcome outcome) {
    last = outcome;
    providerNanos += System.nanoTime() - attemptNanos;
    served =
        tap == null
            ? new Receipt.Served(null, null, null, false, ids)
            : new Receipt.Served(tap.model(), tap.deployment(), tap.region(), tap.isStream(), ids);
    Charge charge = ask.billed() && attempt.sent() ? charge(attempt, outcome) : null;
    if (charge != null) {
      charges.add(charge);
    }
    if (attemptTrace != null) {
      attemptTrace.end(outcome, status, served, charge);
    }
    return charge;
  }

  /** Providers bill no errors; whether they bill what never arrived, nobody knows. */
  private Charge charge(Attempt attempt, Outcome outcome) {
    if (tap != null) {
      Consumption consumption = tap.consumption(outcome.whole());
      Cost cost = billing.cost(consumption);
      return new Charge(
          attempt.provider(),
          consumption.model(),
          tap.deployment(),
          tap.region(),
          consumption.used(),
          cost);
    }
    Cost cost = status >= 300 ? Cost.ZERO : Cost.UNKNOWN;
    return new Charge(attempt.provider(), ask.identity().model(), null, cost);
  }

  Outcome last() {
    return last;
  }

  int attempts() {
    return attempts;
  }

  long firstContentNanos() {
    return firstContentNanos;
  }

  Receipt.Served served() {
    return served;
  }

  List<Charge> charges() {
    return List.copyOf(charges);
  }

  /**
   * Returns the time that was neither waiting for the client's body nor for the provider; -1 where
   * retries waited.
   *
   * @param bodyNanos how long the body took
   */
  long overheadNanos(long totalNanos, long bodyNanos) {
    return attempts == 1 ? Math.max(0, totalNanos - bodyNanos - providerNanos) : -1;
  }
}
