package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.cost.CostAddresses;
import com.huntaze.rollout.cost.Dimension;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /api/v1/costs?by=model|agent|tier|provider|key|deployment|region}: what was charged,
 * altogether, by hour and by day; of all replicas, or with {@code scope=replica} of this one.
 */
final class CostsResource {
  private static final long SOON_MILLIS = 5_000;
  private static final int SHOWN = 64;

  private final Bus bus;

  CostsResource(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/costs", this::get);
  }

  private void get(RoutingContext context) {
    String by = context.request().getParam("by", Dimension.MODEL.label());
    if (Dimension.of(by).isEmpty()) {
      String shown = by.length() > SHOWN ? by.substring(0, SHOWN) : by;
      Problem.send(
          context,
          400,
          "by: %s (expected: %s)".formatted(shown.replaceAll("[^!-~]", "?"), Dimension.words()));
      return;
    }
    JsonObject question =
        new JsonObject().put("by", by).put("scope", context.request().getParam("scope"));
    try {
      FleetFigures.ownAlone(question.getValue("scope"));
    } catch (IllegalArgumentException malformed) {
      Problem.send(context, 400, malformed.getMessage());
      return;
    }
    bus.<JsonObject>ask(CostAddresses.GET, question, SOON_MILLIS)
        .onComplete(
            body -> JsonAnswer.send(context, body),
            silent -> Problem.send(context, 503, "the books do not answer"));
  }
}
