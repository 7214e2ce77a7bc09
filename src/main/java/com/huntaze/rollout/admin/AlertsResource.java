package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.canary.CanaryAddresses;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /api/v1/alerts}: the latest alerts, newest first, what became of each on every
 * channel, and how the channels are doing.
 */
final class AlertsResource {
  private static final long SOON_MILLIS = 5_000;

  private final Bus bus;

  AlertsResource(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/alerts", this::get);
  }

  private void get(RoutingContext context) {
    bus.<JsonObject>ask(CanaryAddresses.ALERTS_GET, null, SOON_MILLIS)
        .compose(body -> FleetFigures.own(bus).map(own -> own.tell(body)))
        .onComplete(
            body -> JsonAnswer.send(context, body),
            silent -> Problem.send(context, 503, "the alerts do not answer"));
  }
}
