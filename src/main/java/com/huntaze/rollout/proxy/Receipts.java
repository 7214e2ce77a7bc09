package com.huntaze.rollout.proxy;

import com.huntaze.rollout.cost.Receipt;
import com.huntaze.rollout.outcome.Outcome;
import com.huntaze.rollout.proxy.ProxyMeters.Ending;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;

/**
 * Makes the account of a request that has just ended.
 *
 * @param trace the exchange's part in a trace, {@code null} = tracing is off
 * @param status what the client was told, 0 = nothing
 * @param startNanos when it began, {@code System.nanoTime}
 * @param clientAddress the IP address that it came from, {@code null} = not known
 */
record Receipts(
    HttpServerRequest request,
    Trace trace,
    String correlationId,
    Ending ending,
    int status,
    long startNanos,
    String clientAddress) {
  private static final String NO_ROUTE = "none";

  /** Of a request for which nobody was asked. */
  Receipt ofRefused(ApiKeySettings key, long bytes) {
    Receipt.Caller caller =
        new Receipt.Caller(key == null ? null : key.id(), key == null ? null : key.tier(), null);
    return new Receipt(
        System.currentTimeMillis(),
        correlationId,
        traceId(),
        spanId(),
        asked(NO_ROUTE, bytes, null),
        caller,
        null,
        null,
        false,
        Receipt.Served.NOTHING,
        status,
        label(),
        null,
        0,
        elapsed(),
        -1,
        -1,
        List.of());
  }

  /** Of a request for which a provider was chosen. */
  Receipt of(Ask ask, Account account, ProviderChoice served, long bodyNanos) {
    long total = elapsed();
    Outcome last = account.last();
    return new Receipt(
        System.currentTimeMillis(),
        correlationId,
        traceId(),
        spanId(),
        asked(ask.identity().route().label(), ask.body().size(), ask.identity().userKey()),
        ask.caller(),
        served.provider(),
        served.reason().label(),
        served.reason() == Reason.FALLBACK,
        account.served(),
        status,
        label(),
        last == null ? null : last.label(),
        account.attempts(),
        total,
        account.firstContentNanos(),
        account.overheadNanos(total, bodyNanos),
        account.charges());
  }

  private Receipt.Request asked(String route, long bytes, String userKey) {
    Receipt.Origin origin =
        new Receipt.Origin(
            clientAddress,
            request.getHeader(HttpHeaders.USER_AGENT),
            userKey == null ? null : UserHash.of(userKey));
    return new Receipt.Request(request.method().name(), request.path(), route, bytes, origin);
  }

  private String traceId() {
    return trace == null ? Trace.id(request.headers()) : trace.context().traceId();
  }

  private String spanId() {
    return trace == null ? null : trace.context().spanId();
  }

  private String label() {
    return ending.name().toLowerCase(Locale.ROOT);
  }

  private long elapsed() {
    return System.nanoTime() - startNanos;
  }
}
