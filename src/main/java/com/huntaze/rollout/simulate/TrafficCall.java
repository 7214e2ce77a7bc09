package com.huntaze.rollout.simulate;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One demo request and the reading of its answer to the end, within a deadline. */
final class TrafficCall {
  private static final String DONE = "data: [DONE]";

  /** Enough of a stream's end to hold its last line. */
  private static final int TAIL_BYTES = 64;

  private final DemoRequest planned;
  private final Promise<String> outcome = Promise.promise();
  private HttpClientRequest request;
  private Buffer tail = Buffer.buffer();

  private TrafficCall(DemoRequest planned) {
    this.planned = planned;
  }

  /**
   * Sends the request. Completes with the provider that served it; fails on a status of 400 or
   * more, on a broken answer, on a stream without {@code [DONE]} and when the deadline passes.
   */
  static Future<String> send(
      Vertx vertx, HttpClient client, URI base, DemoRequest planned, long timeoutMillis) {
    TrafficCall call = new TrafficCall(planned);
    long timer = vertx.setTimer(timeoutMillis, id -> call.expire(timeoutMillis));
    client
        .request(options(base, planned))
        .compose(call::write)
        .onSuccess(call::read)
        .onFailure(call.outcome::tryFail);
    return call.outcome.future().onComplete(ended -> vertx.cancelTimer(timer));
  }

  private static RequestOptions options(URI base, DemoRequest planned) {
    String prefix = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/$", "");
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost(base.getHost())
        .setPort(base.getPort() < 0 ? 80 : base.getPort())
        .setURI(prefix + planned.path());
  }

  private Future<HttpClientResponse> write(HttpClientRequest opened) {
    request = opened;
    request.exceptionHandler(outcome::tryFail);
    if (outcome.future().isComplete()) {
      request.reset();
      return Future.failedFuture("expired before a connection was there");
    }
    planned.headers().forEach(request::putHeader);
    return request.putHeader("content-type", "application/json").send(planned.body());
  }

  private void read(HttpClientResponse response) {
    String provider = response.getHeader("X-AI-Provider");
    response.exceptionHandler(outcome::tryFail);
    response.handler(this::keepTail);
    response.endHandler(
        end -> {
          if (response.statusCode() >= 400) {
            outcome.tryFail("status " + response.statusCode());
          } else if (planned.stream() && !endsWithDone()) {
            outcome.tryFail("stream without [DONE]");
          } else {
            outcome.tryComplete(provider == null ? TrafficSummary.UNNAMED : provider);
          }
        });
  }

  private void keepTail(Buffer chunk) {
    if (planned.stream()) {
      Buffer joined = Buffer.buffer().appendBuffer(tail).appendBuffer(chunk);
      tail = joined.getBuffer(Math.max(0, joined.length() - TAIL_BYTES), joined.length());
    }
  }

  private boolean endsWithDone() {
    return tail.toString(StandardCharsets.UTF_8).stripTrailing().endsWith(DONE);
  }

  private void expire(long timeoutMillis) {
    if (outcome.tryFail("no end within " + timeoutMillis + " ms") && request != null) {
      request.reset();
    }
  }
}
