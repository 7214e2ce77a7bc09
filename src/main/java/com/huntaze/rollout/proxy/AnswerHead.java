package com.huntaze.rollout.proxy;

import com.huntaze.rollout.traffic.ProviderChoice;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * Writes the head of a provider's answer into the client's response: the end-to-end fields, then
 * our own, which say who served it and why.
 */
final class AnswerHead {
  static final String EVENT_STREAM = "text/event-stream";

  private AnswerHead() {}

  static void write(
      HttpServerResponse client,
      int status,
      String reason,
      MultiMap from,
      ProviderChoice choice,
      boolean fallback,
      String correlationId) {
    client.setStatusCode(status);
    // With a reason of its own a 304 would not be recognised, and be given a Content-Length of 0.
    if (!HttpResponseStatus.valueOf(status).reasonPhrase().equals(reason)) {
      client.setStatusMessage(reason);
    }
    MultiMap headers = client.headers();
    HeaderRules.copyResponse(from, headers);
    headers.set(HeaderNames.CORRELATION_ID, correlationId);
    headers.set(HeaderNames.PROVIDER, choice.provider().label());
    headers.set(HeaderNames.REASON, choice.reason().label());
    if (fallback) {
      headers.set(HeaderNames.FALLBACK, "true");
    }
    if (isEventStream(from) && !headers.contains(HeaderNames.ACCEL_BUFFERING)) {
      // Proxies between us and the client would collect events; this tells them not to.
      headers.set(HeaderNames.ACCEL_BUFFERING, "no");
    }
  }

  static boolean isEventStream(MultiMap headers) {
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
  }
}
