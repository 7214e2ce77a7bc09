package com.huntaze.rollout.admin;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;

/**
 * {@code /livez}: the event loop turns, whatever the providers do; {@code /readyz}: requests are
 * welcome. Neither asks for a token or a name: they tell nothing else, and kubelets and load
 * balancers call a replica by its address.
 */
final class HealthResource {
  private final BooleanSupplier ready;

  HealthResource(BooleanSupplier ready) {
    this.ready = ready;
  }

  void mount(Router router) {
    Methods.get(router, "/livez", context -> text(context, 200, "live\n"));
    Methods.get(router, "/readyz", this::readyz);
  }

  private void readyz(RoutingContext context) {
    boolean isReady = ready.getAsBoolean();
    text(context, isReady ? 200 : 503, isReady ? "ready\n" : "not ready\n");
  }

  private static void text(RoutingContext context, int status, String text) {
    context.response().setStatusCode(status).putHeader("Content-Type", "text/plain").end(text);
  }
}
