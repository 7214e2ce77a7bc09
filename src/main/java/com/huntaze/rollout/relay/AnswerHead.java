package com.huntaze.rollout.relay;

import com.huntaze.rollout.exchange.ErrorForm;
import com.huntaze.rollout.exchange.ExchangeEvent.Body;
import com.huntaze.rollout.exchange.ExchangeState;
import com.huntaze.rollout.http.ContentCoding;
import com.huntaze.rollout.http.HeaderNames;
import com.huntaze.rollout.http.HeaderRules;
import com.huntaze.rollout.http.HttpDate;
import com.huntaze.rollout.http.OwnFields;
import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.outcome.RetryHint;
import com.huntaze.rollout.request.UpstreamRequest;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.Reason;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.OptionalLong;

/**
 * Writes the head of a provider's answer into the client's response: the end-to-end fields, then
 * our own, which say who served it and why.
 */
public final class AnswerHead {
  private static final String CONNECTION = "connection";
  private static final String KEEP_ALIVE = "keep-alive";
  private static final String[] OF_THE_BYTES = {
    "etag", "digest", "content-digest", "repr-digest", "content-md5"
  };

  private AnswerHead() {}

  public static void write(
      HttpServerResponse client,
      int status,
      String reason,
      MultiMap from,
      ProviderChoice choice,
      ExchangeState state,
      OwnFields own) {
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
    own.tell(headers);
    headers.set(HeaderNames.PROVIDER, choice.provider().label());
    headers.set(HeaderNames.REASON, choice.reason().label());
    if (choice.reason() == Reason.FALLBACK) {
      headers.set(HeaderNames.FALLBACK, "true");
    }
    RetryFields.describe(headers, status, choice.provider(), hint(from), state);
    if (AnswerType.of(from).isStream() && !headers.contains(HeaderNames.ACCEL_BUFFERING)) {
      // Proxies between us and the client would collect events and lines; this tells them not to.
      headers.set(HeaderNames.ACCEL_BUFFERING, "no");
    }
  }

  /**
   * Returns the time after which a provider that failed wants to be asked again, in milliseconds
   * from now.
   */
  public static OptionalLong hint(MultiMap answer) {
    return RetryHint.of(answer, MultiMap::get, System.currentTimeMillis());
  }

  /**
   * Lets go of a provider's head that has been passed on, for a stream lasts. Vert.x still asks it
   * at the end whether the connection can be used again.
   */
  static void forget(MultiMap headers) {
    List<String> connection = headers.getAll(CONNECTION);
    List<String> keepAlive = headers.getAll(KEEP_ALIVE);
    headers.clear();
    headers.set(CONNECTION, connection).set(KEEP_ALIVE, keepAlive);
  }

  /** The body is not the provider's any more: what described that goes. */
  static void changed(MultiMap headers, int length) {
    willChange(headers);
    headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
  }

  /** The body will not be the provider's, and its length is not known. */
  static void willChange(MultiMap headers) {
    headers.remove(HttpHeaders.CONTENT_LENGTH);
    for (String field : OF_THE_BYTES) {
      headers.remove(field);
    }
  }

  /** The way in which a response's body comes to the client. */
  public static Body body(UpstreamRequest ask, HttpClientResponse answer, ServerSettings limits) {
    MultiMap headers = answer.headers();
    AnswerType type = AnswerType.of(headers);
    if (isGated(ask, answer)) {
      return Body.STREAM;
    } else if (!bodyExpected(ask.request().method(), answer.statusCode())) {
      return Body.WHOLE;
    }
    long length = declaredLength(headers);
    if (length >= 0 && !type.isLines()) {
      return length <= limits.holdJsonBytes() ? Body.WHOLE : Body.PASSING;
    }
    return switch (type) {
      // An object that is made must be known to be found again.
      case JSON ->
          ask.tellsObjects() && !ask.identity().route().judged() ? Body.WHOLE : Body.UNMEASURED;
      // A page for people is no answer of a model, and is held to be told from one.
      case HTML -> ask.identity().route().judged() ? Body.WHOLE : Body.PASSING;
      case EVENTS, LINES, RECORDS, OTHER -> Body.PASSING;
    };
  }

  /**
   * Tells whether a response is a stream that can be looked into before any of it goes. Lines are
   * only where they answer: a file of them may well begin with one that tells of an error.
   */
  private static boolean isGated(UpstreamRequest ask, HttpClientResponse answer) {
    AnswerType type = AnswerType.of(answer.headers());
    boolean answers = ask.billed() && answer.statusCode() / 100 == 2;
    return ContentCoding.of(answer.headers()).isReadable()
        && (type == AnswerType.EVENTS || type.isLines() && answers);
  }

  /** The form in which an error can be told within a response of which the client has a part. */
  public static ErrorForm errorForm(UpstreamRequest ask, HttpClientResponse answer) {
    boolean plain = ContentCoding.of(answer.headers()) == ContentCoding.IDENTITY;
    return plain && isGated(ask, answer)
        ? AnswerType.of(answer.headers()).errorForm()
        : ErrorForm.NONE;
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
}
