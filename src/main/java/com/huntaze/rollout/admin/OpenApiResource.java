package com.huntaze.rollout.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /api/v1/openapi.json}: what this port takes and answers, for machines. */
final class OpenApiResource {
  private final WebFile file;

  OpenApiResource(WebFile file) {
    this.file = file;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/openapi.json", this::get);
  }

  private void get(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    file.send(context);
  }
}
