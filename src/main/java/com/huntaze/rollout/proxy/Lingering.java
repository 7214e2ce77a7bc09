package com.huntaze.rollout.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Closes a connection whose client may still be sending. Closing at once would reset it, and the
 * reset can overtake the answer; so what comes is thrown away for a moment first (RFC 9112 §9.6).
 */
final class Lingering {
  private static final long MILLIS = 1_000;

  private Lingering() {}

  static void close(Vertx vertx, HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      // Only its own stream is broken; the others of the connection are not.
      request.handler(discarded -> {});
      request.resume();
      return;
    }
    if (request.isEnded()) {
      request.connection().close();
      return;
    }
    long timer = vertx.setTimer(MILLIS, late -> request.connection().close());
    request.exceptionHandler(gone -> vertx.cancelTimer(timer));
    request.endHandler(
        end -> {
          vertx.cancelTimer(timer);
          request.connection().close();
        });
    request.handler(discarded -> {});
    request.resume();
  }
}
