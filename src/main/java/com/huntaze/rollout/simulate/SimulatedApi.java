package com.huntaze.rollout.simulate;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** The paths of a simulated backend: finds the endpoint of a request and reads its body. */
final class SimulatedApi {
  static final String HEALTH = "/health";

  private final Ledger ledger;
  private final AudioEndpoint audio;
  private final Map<String, Endpoint> posts;

  SimulatedApi(Vertx vertx, Ledger ledger) {
    this.ledger = ledger;
    this.audio = new AudioEndpoint(vertx);
    this.posts =
        Map.of(
            "/route",
            RouteEndpoint::route,
            "/route/stream",
            RouteEndpoint::stream,
            "/multimodal/analyze",
            RouteEndpoint::analyze,
            "/v1/chat/completions",
            ChatEndpoint::complete,
            "/v1/responses",
            ResponsesEndpoint::create,
            "/v1/messages",
            MessagesEndpoint::create,
            "/v1/embeddings",
            EmbeddingsEndpoint::embed,
            AudioEndpoint.PATH,
            audio::start);
  }

  /** Answers the simulator's own path. False when the request is for another. */
  boolean monitored(HttpServerRequest request) {
    if (request.method() != HttpMethod.GET || !"/__simulator".equals(request.path())) {
      return false;
    }
    request
        .response()
        .putHeader("content-type", "application/json")
        .end(ledger.snapshot().toJson().toBuffer());
    return true;
  }

  void serve(SimulatedExchange exchange, String method, SimulatedPath path, Buffer body) {
    if (method.equals("GET")) {
      get(exchange, path.plain());
    } else if (method.equals("POST") && posts.containsKey(path.plain())) {
      post(exchange, path, body);
    } else {
      exchange.reject(Rejection.NOT_FOUND);
    }
  }

  private void get(SimulatedExchange exchange, String path) {
    if (path.equals(HEALTH)) {
      exchange.json(200, health(exchange.profile()));
    } else if (path.startsWith(AudioEndpoint.PATH + "/")) {
      audio.status(exchange, path.substring(AudioEndpoint.PATH.length() + 1));
    } else {
      exchange.reject(Rejection.NOT_FOUND);
    }
  }

  private void post(SimulatedExchange exchange, SimulatedPath path, Buffer body) {
    if (body.length() == 0) {
      exchange.reject(Rejection.invalid(null, "field required", "value_error.missing"));
      return;
    }
    Object value;
    try {
      value = Json.decodeValue(body);
    } catch (DecodeException invalid) {
      exchange.reject(Rejection.invalid(null, "Invalid JSON", "value_error.jsondecode"));
      return;
    }
    if (value instanceof JsonObject object) {
      if (path.deployment() != null) {
        object.put("model", path.deployment());
      }
      posts.get(path.plain()).serve(exchange, object);
    } else {
      exchange.reject(Rejection.invalid(null, "value is not a valid dict", "type_error.dict"));
    }
  }

  private static JsonObject health(BackendProfile profile) {
    return new JsonObject()
        .put("status", "healthy")
        .put("region", profile.region())
        .put("service", profile.service());
  }
}
