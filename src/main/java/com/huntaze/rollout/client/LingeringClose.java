package com.huntaze.rollout.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Closes a connection whose client may still be sending. Closing at once would reset it, and the
 * reset can overtake the answer; so what comes is thrown away for a moment first (RFC 9112 §9.6).
 *
 * <p>Decision 30 in {@code docs/decisions.md}.
 */
public final class LingeringClose {
  private static final long MILLIS = 1_000;
  private static final long NO_ERROR = 0;

  private LingeringClose() {}

  /**
   * For a request after which nothing on the connection can be trusted.
   *
   * @param taken when the client's connection has taken the answer
   */
  public static void close(Vertx vertx, HttpServerRequest request, Future<Void> taken) {
    linger(vertx, request, taken, true);
  }

  /**
   * For a request that was answered before all of it came. Once it has, the connection can serve
   * another: closed then, it would take the next request with it, which may be on its way.
   */
  public static void closeUnlessWhole(Vertx vertx, HttpServerRequest request, Future<Void> taken) {
    linger(vertx, request, taken, false);
  }

  /**
   * For what cannot be read as a request, before it is answered: its client is told that nothing
   * follows the answer as soon as it is there, and what still comes is thrown away.
   */
  public static void closeLate(HttpServerRequest request) {
    if (request.connection() instanceof ConnectionBase base) {
      base.channel().pipeline().addFirst(new LateClose(MILLIS));
    }
  }

  private static void linger(
      Vertx vertx, HttpServerRequest request, Future<Void> taken, boolean always) {
    if (request.version() == HttpVersion.HTTP_2) {
      lingerOnStream(vertx, request, taken);
      return;
    }
    if (request.isEnded()) {
      closeIf(always, request);
      return;
    }
    long timer = vertx.setTimer(MILLIS, late -> request.connection().close());
    request.exceptionHandler(gone -> vertx.cancelTimer(timer));
    request.endHandler(
        end -> {
          vertx.cancelTimer(timer);
          closeIf(always, request);
        });
    request.handler(discarded -> {});
    request.resume();
  }

  /**
   * Only its own stream is broken; the others of the connection are not. The answer is whole, so
   * the rest of the request is asked not to be sent, without an error (RFC 9113 §8.1).
   */
  private static void lingerOnStream(Vertx vertx, HttpServerRequest request, Future<Void> taken) {
    request.exceptionHandler(gone -> {});
    request.handler(discarded -> {});
    request.resume();
    taken.onSuccess(
        all ->
            vertx.setTimer(
                MILLIS,
                late -> {
                  if (!request.isEnded()) {
                    request.response().reset(NO_ERROR);
                  }
                }));
  }

  private static void closeIf(boolean always, HttpServerRequest request) {
    if (always) {
      request.connection().close();
    }
  }
}
