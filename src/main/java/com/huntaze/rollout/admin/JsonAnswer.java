package com.huntaze.rollout.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;

/** A good answer of the admin port: JSON that nobody keeps. */
final class JsonAnswer {
  private JsonAnswer() {}

  static void send(RoutingContext context, Object json) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Json.encodeToBuffer(json));
  }
}
