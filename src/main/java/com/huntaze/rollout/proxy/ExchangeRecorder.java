package com.huntaze.rollout.proxy;

import com.huntaze.rollout.admission.ApiKeySettings;
import com.huntaze.rollout.cost.Caller;
import com.huntaze.rollout.cost.Charge;
import com.huntaze.rollout.cost.Consumption;
import com.huntaze.rollout.cost.Cost;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.exchange.ExchangeRecord.Origin;
import com.huntaze.rollout.exchange.ExchangeRecord.Served;
import com.huntaze.rollout.exchange.ExchangeRecord.UpstreamIds;
import com.huntaze.rollout.http.HeaderNames;
import com.huntaze.rollout.meters.ProxyMeters.Ending;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.relay.Billing;
import com.huntaze.rollout.relay.UsageTap;
import com.huntaze.rollout.request.AttemptTrace;
import com.huntaze.rollout.request.RequestInfo;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import com.huntaze.rollout.upstream.UpstreamClient;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Records one exchange while it runs: its times, its attempts and what they cost. Its readers (the
 * books, the meters, the access log, the trace, the memory of ratings, the dashboard) all get the
 * one {@link ExchangeRecord} that it makes at the end; the judge is told each first attempt by the
 * times that are kept here.
 */
final class ExchangeRecorder {
  private static final String NO_ROUTE = "none";

  private final HttpServerRequest request;
  private final String correlationId;
  private final Trace trace;
  private final long startNanos = System.nanoTime();
  private List<Charge> charges = List.of();
  private Billing billing;
  private UpstreamRequest ask;
  private long bodyNanos;
  private int attempts;
  private long attemptNanos;
  private long providerNanos;
  private long firstContentNanos = -1;
  private UpstreamClient client;
  private AttemptTrace attemptTrace;
  private UsageTap tap;
  private boolean headKept;
  private String userAgent;
  private String traceId;
  private int status;
  private Outcome last;
  private UpstreamIds ids = UpstreamIds.NONE;
  private Served served = Served.NOTHING;

  /**
   * Records an exchange that begins now.
   *
   * @param trace the exchange's part in a trace, {@code null} = tracing is off
   */
  ExchangeRecorder(HttpServerRequest request, String correlationId, Trace trace) {
    this.request = request;
    this.correlationId = correlationId;
    this.trace = trace;
  }

  /** Returns the beginning, {@code System.nanoTime}. */
  long startNanos() {
    return startNanos;
  }

  /** The request has been read as far as its provider is chosen by it. */
  void identified(UpstreamRequest asked, Billing prices) {
    ask = asked;
    billing = prices;
    bodyNanos = System.nanoTime() - startNanos;
  }

  /**
   * An attempt begins.
   *
   * @return the moment, {@code System.nanoTime}
   */
  long began(UpstreamClient asked) {
    client = asked;
    if (trace != null) {
      attemptTrace = trace.attempt(client, ask.identity().model(), attempts);
    }
    attempts++;
    attemptNanos = System.nanoTime();
    firstContentNanos = -1;
    status = 0;
    ids = UpstreamIds.NONE;
    tap = null;
    return attemptNanos;
  }

  /**
   * The head of an answer is here.
   *
   * @param asksUsage whether we have asked a stream for its usage
   */
  void answered(HttpClientResponse answer, boolean asksUsage) {
    status = answer.statusCode();
    String request = answer.getHeader(HeaderNames.UPSTREAM_REQUEST_ID);
    String gateway = answer.getHeader(HeaderNames.APIM_REQUEST_ID);
    ids = request == null && gateway == null ? UpstreamIds.NONE : new UpstreamIds(request, gateway);
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

  /** Keeps what the record needs of the request's head, which goes. */
  void keepHead() {
    userAgent = request.getHeader(HttpHeaders.USER_AGENT);
    traceId = traceId();
    headKept = true;
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
            // What cannot be read, such as audio, tells nothing else of itself.
            ? new Served(answers() ? ask.identity().model() : null, null, null, false, ids)
            : new Served(tap.model(), tap.deployment(), tap.region(), tap.isStream(), ids);
    Charge charge = ask.billed() && attempt.sent() ? charge(attempt, outcome) : null;
    if (charge != null) {
      charge(charge);
    }
    if (attemptTrace != null) {
      attemptTrace.end(outcome, status, served, charge);
    }
    return charge;
  }

  private void charge(Charge charge) {
    if (charges.isEmpty()) {
      // Usually the only one.
      charges = List.of(charge);
      return;
    }
    List<Charge> all = new ArrayList<>(charges);
    all.add(charge);
    charges = List.copyOf(all);
  }

  private boolean answers() {
    return ask.billed() && status / 100 == 2;
  }

  /** Providers bill no errors; whether they bill what never arrived, nobody knows. */
  private Charge charge(Attempt attempt, Outcome outcome) {
    if (tap != null) {
      Consumption consumption = tap.consumption(outcome.whole());
      // Of a whole answer what its client was told.
      Cost cost = outcome.whole() ? tap.cost() : billing.cost(consumption);
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

  /**
   * Makes the record of a request for which a provider was chosen, and which ends now.
   *
   * @param status the status that the client was told, 0 = none
   * @param provider the provider that served, or was asked last
   * @param clientAddress the IP address that it came from, {@code null} = not known
   */
  ExchangeRecord end(Ending ending, int status, ProviderChoice provider, String clientAddress) {
    long total = System.nanoTime() - startNanos;
    RequestInfo identity = ask.identity();
    return new ExchangeRecord(
        System.currentTimeMillis(),
        correlationId,
        traceId(),
        spanId(),
        sampled(),
        asked(identity, clientAddress),
        ask.caller(),
        provider.provider(),
        provider.reason().label(),
        provider.reason() == Reason.FALLBACK,
        served,
        status,
        ending.label(),
        last == null ? null : last.label(),
        attempts,
        total,
        firstContentNanos,
        overheadNanos(total),
        charges);
  }

  /**
   * Makes the record of a request that ends now, before a provider was chosen.
   *
   * @param key the caller's, {@code null} = none that is known
   * @param bytes the bytes of its body that were read
   */
  ExchangeRecord endUnasked(
      Ending ending, int status, ApiKeySettings key, long bytes, String clientAddress) {
    return new ExchangeRecord(
        System.currentTimeMillis(),
        correlationId,
        traceId(),
        spanId(),
        sampled(),
        asked(NO_ROUTE, null, bytes, null, clientAddress),
        new Caller(key == null ? null : key.id(), key == null ? null : key.tier(), null),
        null,
        null,
        false,
        Served.NOTHING,
        status,
        ending.label(),
        null,
        0,
        System.nanoTime() - startNanos,
        -1,
        -1,
        List.of());
  }

  private ExchangeRecord.Request asked(RequestInfo identity, String clientAddress) {
    return asked(
        identity.route().label(),
        identity.model(),
        ask.body().size(),
        identity.userKey(),
        clientAddress);
  }

  private ExchangeRecord.Request asked(
      String route, String model, long bytes, String userKey, String clientAddress) {
    Origin origin =
        new Origin(
            clientAddress,
            headKept ? userAgent : request.getHeader(HttpHeaders.USER_AGENT),
            userKey == null ? null : UserHash.of(userKey));
    return new ExchangeRecord.Request(
        request.method().name(), request.path(), route, model, bytes, origin);
  }

  private String traceId() {
    if (headKept) {
      return traceId;
    }
    return trace == null ? Trace.id(request.headers()) : trace.context().traceId();
  }

  private String spanId() {
    return trace == null ? null : trace.context().spanId();
  }

  private boolean sampled() {
    return trace != null && trace.context().sampled();
  }

  /** Neither the wait for the client's body nor the provider's time; where retries waited: -1. */
  private long overheadNanos(long totalNanos) {
    return attempts == 1 ? Math.max(0, totalNanos - bodyNanos - providerNanos) : -1;
  }
}
