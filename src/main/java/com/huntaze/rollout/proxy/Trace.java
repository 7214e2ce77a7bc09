package com.huntaze.rollout.proxy;

import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.http.HeaderNames;
import com.huntaze.rollout.request.AttemptTrace;
import com.huntaze.rollout.trace.ExchangeSpan;
import com.huntaze.rollout.trace.TraceParent;
import com.huntaze.rollout.trace.TraceState;
import com.huntaze.rollout.trace.Tracing;
import com.huntaze.rollout.upstream.UpstreamClient;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * The part that an exchange has in a trace, while tracing is on. Without tracing there is none, and
 * what clients send of a trace passes as any other field does.
 */
final class Trace {
  private final ExchangeSpan span;
  private final String state;

  private Trace(ExchangeSpan span, String state) {
    this.span = span;
    this.state = state;
  }

  /** Begins the exchange's span: below the caller's if it names a valid one, else a new trace. */
  static Trace begin(Tracing tracing, HttpServerRequest request) {
    MultiMap headers = request.headers();
    TraceParent parent = parent(headers);
    // Without a valid parent the state belongs to nothing (Trace Context, section 4.3).
    String state =
        parent == null ? null : TraceState.bounded(headers.getAll(HeaderNames.TRACESTATE));
    String method = request.method().name();
    return new Trace(tracing.exchange(method, request.path(), request.scheme(), parent), state);
  }

  /** The id of the trace that a request names; {@code null} if it is part of none. */
  static String id(MultiMap headers) {
    TraceParent parent = parent(headers);
    return parent == null ? null : parent.traceId();
  }

  /** Two parents are none. */
  private static TraceParent parent(MultiMap headers) {
    String first = headers.get(HeaderNames.TRACEPARENT);
    if (first == null) {
      return null;
    }
    List<String> all = headers.getAll(HeaderNames.TRACEPARENT);
    return all.size() == 1 ? TraceParent.parse(first) : null;
  }

  /** The trace and the exchange's span in it. */
  TraceParent context() {
    return span.context();
  }

  /**
   * An attempt begins.
   *
   * @param resent how many were made before it
   */
  AttemptTrace attempt(UpstreamClient client, String model, int resent) {
    return new AttemptTrace(
        span.attempt(client.provider(), client.host(), client.port(), model, resent), state);
  }

  /** The exchange has ended, and all its attempts have. */
  void end(ExchangeRecord record) {
    span.end(record);
  }
}
