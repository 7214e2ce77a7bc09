package com.huntaze.rollout.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Errors of the admin port: {@code application/problem+json} (RFC 9457). */
final class Problem {
  private Problem() {}

  static void send(RoutingContext context, int status, String detail) {
    send(context, status, detail, new JsonObject());
  }

  /**
   * @param more members of the problem's own (RFC 9457 §3.2)
   */
  static void send(RoutingContext context, int status, String detail, JsonObject more) {
    if (context.response().ended()) {
      return;
    }
    JsonObject body =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
            .put("status", status)
            .put("detail", detail)
            .mergeIn(more);
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }
}
