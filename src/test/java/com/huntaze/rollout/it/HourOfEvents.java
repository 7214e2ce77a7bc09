package com.huntaze.rollout.it;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An admin port in front of a real one, whose event stream tells an hour in a minute: each second's
 * traffic and evaluation, and each minute a decision and an alert. Everything else is the real
 * one's.
 */
final class HourOfEvents {
  private static final int SECONDS = 3_600;
  private static final long TICK_MILLIS = 16;

  private final Vertx vertx;
  private final int adminPort;
  private final WebClient client;
  private final List<JsonObject> models;
  private final Instant from = Instant.now().minusSeconds(SECONDS);
  private final AtomicInteger told = new AtomicInteger();

  /**
   * @param models a real event's data each: traffic, health, transition, alert
   */
  HourOfEvents(Vertx vertx, int adminPort, List<JsonObject> models) {
    this.vertx = vertx;
    this.adminPort = adminPort;
    this.client = WebClient.create(vertx);
    this.models = models;
  }

  /** Starts to listen; returns the port. */
  Future<Integer> listen() {
    return vertx
        .createHttpServer()
        .requestHandler(this::answer)
        .listen(0, "127.0.0.1")
        .map(server -> server.actualPort());
  }

  /** Returns the number of seconds of the hour that were told. */
  int seconds() {
    return told.get();
  }

  boolean over() {
    return told.get() >= SECONDS;
  }

  private void answer(HttpServerRequest request) {
    if (request.path().equals("/api/v1/events")) {
      tell(request.response());
      return;
    }
    client
        .get(adminPort, "127.0.0.1", request.uri())
        .send()
        .onSuccess(
            answer -> {
              HttpServerResponse response = request.response().setStatusCode(answer.statusCode());
              response.headers().setAll(answer.headers()).remove("content-length");
              response.end(answer.body() == null ? Buffer.buffer() : answer.body());
            })
        .onFailure(failure -> request.response().setStatusCode(502).end());
  }

  private void tell(HttpServerResponse response) {
    response.setChunked(true).putHeader("Content-Type", "text/event-stream");
    response.write("event: hello\ndata: {\"continued\":false}\n\n");
    long timer = vertx.setPeriodic(TICK_MILLIS, tick -> tellSecond(response));
    response.exceptionHandler(gone -> {}).closeHandler(closed -> vertx.cancelTimer(timer));
  }

  private void tellSecond(HttpServerResponse response) {
    if (over()) {
      return;
    }
    int second = told.getAndIncrement();
    String at = from.plusSeconds(second).toString();
    JsonObject traffic = models.get(0).copy().put("at", at);
    // Charts that never change their scale would be too easy.
    traffic.getJsonObject("foundry").put("perSecond", 100 + 80 * Math.sin(second / 60.0));
    traffic.getJsonObject("legacy").put("perSecond", 100 - 80 * Math.sin(second / 60.0));
    write(response, second, "traffic", traffic);
    write(response, second, "health", models.get(1).copy().put("at", at));
    if (second % 60 == 0) {
      write(response, second, "transition", models.get(2).copy().put("at", at));
      write(response, second, "alert", models.get(3).copy().put("at", at));
    }
  }

  private static void write(HttpServerResponse response, int number, String name, JsonObject data) {
    response.write("id: hour-%d\nevent: %s\ndata: %s\n\n".formatted(number, name, data.encode()));
  }
}
