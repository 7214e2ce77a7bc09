package com.huntaze.rollout.proxy;

import com.huntaze.rollout.traffic.ProviderChoice;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Carries an upstream's answer to the client: head, body and trailers, byte for byte, no faster
 * than the client reads. A short answer of known length is held until it is whole, so that it
 * leaves in one piece and its truncation can still be answered honestly; anything else leaves as it
 * comes.
 *
 * <p>A body that breaks off is never ended cleanly: the listener decides what to do instead.
 */
final class ResponseRelay {
  private final HttpServerRequest request;
  private final HttpServerResponse client;
  private final HttpClientResponse upstream;
  private final long holdBytes;
  private final Listener listener;
  private boolean finished;
  private Buffer held;

  /** Told exactly once how the answer ended. */
  interface Listener {
    /** All of it has been handed to the client's connection. */
    void relayed();

    /** It broke off; whether anything went to the client, {@code response.headWritten()} tells. */
    void truncated(Throwable cause);
  }

  ResponseRelay(
      HttpServerRequest request, HttpClientResponse upstream, long holdBytes, Listener listener) {
    this.request = request;
    this.client = request.response();
    this.upstream = upstream;
    this.holdBytes = holdBytes;
    this.listener = listener;
  }

  /** Must be called in the same turn in which the head arrived, or body bytes would be lost. */
  void start(ProviderChoice choice, String correlationId) {
    head(choice, correlationId);
    long length = bodyLength();
    if (length >= 0 && length <= holdBytes) {
      held = Buffer.buffer((int) length);
      upstream.handler(this::hold);
    } else {
      client.setChunked(length < 0);
      upstream.handler(this::pass);
    }
    upstream.endHandler(end -> ended());
    upstream.exceptionHandler(this::broken);
  }

  /**
   * Stops for good, without a word to the listener. What is already here is thrown away rather than
   * left: Vert.x keeps what a paused connection has received for ever when that connection closes.
   */
  void cancel() {
    finished = true;
    held = null;
    upstream.resume();
  }

  private void head(ProviderChoice choice, String correlationId) {
    int status = upstream.statusCode();
    String reason = upstream.statusMessage();
    client.setStatusCode(status);
    // With a reason of its own a 304 would not be recognised, and be given a Content-Length of 0.
    if (!HttpResponseStatus.valueOf(status).reasonPhrase().equals(reason)) {
      client.setStatusMessage(reason);
    }
    MultiMap headers = client.headers();
    HeaderRules.copyResponse(upstream.headers(), headers);
    headers.set(HeaderNames.CORRELATION_ID, correlationId);
    headers.set(HeaderNames.PROVIDER, choice.provider().label());
    headers.set(HeaderNames.REASON, choice.reason().label());
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    if (type != null && type.startsWith("text/event-stream")) {
      unbuffered(headers);
    }
  }

  /** Proxies between us and the client would collect events; this is how they are told not to. */
  private static void unbuffered(MultiMap headers) {
    if (!headers.contains(HeaderNames.ACCEL_BUFFERING)) {
      headers.set(HeaderNames.ACCEL_BUFFERING, "no");
    }
  }

  /** The length of the body to come, -1 when only its end will tell. */
  private long bodyLength() {
    if (!bodyExpected()) {
      return 0;
    }
    String length = upstream.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? -1 : Long.parseLong(length.strip());
  }

  private boolean bodyExpected() {
    int status = upstream.statusCode();
    return request.method() != HttpMethod.HEAD && status != 204 && status != 304;
  }

  private void hold(Buffer piece) {
    if (!finished) {
      held.appendBuffer(piece);
    }
  }

  private void pass(Buffer piece) {
    if (finished) {
      return;
    }
    client.write(piece);
    if (client.writeQueueFull()) {
      upstream.pause();
      client.drainHandler(drained -> upstream.resume());
    }
  }

  private void ended() {
    if (finished) {
      return;
    }
    finished = true;
    if (held != null && held.length() > 0) {
      client.end(held);
    } else {
      HeaderRules.copyTrailers(upstream.trailers(), client.trailers());
      client.end();
    }
    listener.relayed();
  }

  private void broken(Throwable cause) {
    if (!finished) {
      finished = true;
      listener.truncated(cause);
    }
  }
}
