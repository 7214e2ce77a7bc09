package com.huntaze.rollout.proxy;

import com.huntaze.rollout.exchange.ExchangeEvent.Body;
import com.huntaze.rollout.outcome.RetryHint;
import com.huntaze.rollout.traffic.ProviderChoice;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Writes the head of a provider's answer into the client's response: the end-to-end fields, then
 * our own, which say who served it and why.
 */
final class AnswerHead {
  static final String EVENT_STREAM = "text/event-stream";

  private static final List<String> OF_THE_BYTES =
      List.of("etag", "digest", "content-digest", "repr-digest", "content-md5");

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
    if (!headers.contains(HttpHeaders.DATE)) {
      headers.set(HttpHeaders.DATE, HttpDate.now());
    }
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

  /** When a provider that failed wants to be asked again, in milliseconds from now. */
  static OptionalLong hint(HttpClientResponse answer) {
    return RetryHint.of(answer::getHeader, System.currentTimeMillis());
  }

  /** The body is not the provider's any more: what described that goes. */
  static void changed(MultiMap headers, int length) {
    willChange(headers);
    headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
  }

  /** The body will not be the provider's, and its length is not known. */
  static void willChange(MultiMap headers) {
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    OF_THE_BYTES.forEach(headers::remove);
  }

  /** The way in which a response's body comes to the client. */
  static Body body(Ask ask, HttpClientResponse answer, ServerSettings limits) {
    MultiMap headers = answer.headers();
    if (isEventStream(headers) && isPlain(headers)) {
      return Body.STREAM;
    }
    long length = declaredLength(headers);
    // A page for people is no answer of a model, and is held to be told from one.
    boolean held = isJson(headers) || isHtml(headers) && ask.identity().route().judged();
    boolean whole =
        !bodyExpected(ask.request().method(), answer.statusCode())
            || (length >= 0 ? length <= limits.holdJsonBytes() : held);
    return whole ? Body.WHOLE : Body.PASSING;
  }

  /** Tells whether a response with this status has a body. */
  static boolean bodyExpected(HttpMethod asked, int status) {
    return asked != HttpMethod.HEAD && status != 204 && status != 304;
  }

  /** The {@code Content-Length}, -1 without one. */
  static long declaredLength(MultiMap headers) {
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return length == null ? -1 : Long.parseLong(length.strip());
  }

  /** Whether the body is not compressed, so that it can be looked into. */
  static boolean isPlain(MultiMap headers) {
    String encoding = headers.get(HttpHeaders.CONTENT_ENCODING);
    return encoding == null || encoding.equalsIgnoreCase("identity");
  }

  /** Whether the body is JSON, or JSON lines. */
  static boolean isJson(MultiMap headers) {
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).contains("json");
  }

  /** Whether the body is a page. */
  static boolean isHtml(MultiMap headers) {
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).contains("html");
  }

  static boolean isEventStream(MultiMap headers) {
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
  }
}
