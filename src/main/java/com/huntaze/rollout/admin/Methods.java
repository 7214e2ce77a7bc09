package com.huntaze.rollout.admin;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The methods that a path takes; every other one is answered 405 with {@code Allow}. Left to itself
 * the router forgets the mismatch as soon as a later route matches, and answers 404.
 */
final class Methods {
  private Methods() {}

  /** A path to read; HEAD is GET without the body. */
  static void get(Router router, String path, Handler<RoutingContext> handler) {
    router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
    refuseOthers(router, path, "GET, HEAD");
  }

  /** Answers every method that no earlier route of the path has taken. */
  static void refuseOthers(Router router, String path, String allowed) {
    router
        .route(path)
        .handler(
            context -> {
              context.response().putHeader(HttpHeaders.ALLOW, allowed);
              Problem.send(context, 405, "method: not taken here (expected: " + allowed + ")");
            });
  }
}
