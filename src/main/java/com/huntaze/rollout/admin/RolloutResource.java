package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.Figure;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.canary.CanaryAddresses;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * The rollout's history: {@code /api/v1/transitions}, {@code /api/v1/rollbacks} (the same,
 * rollbacks alone), {@code /api/v1/metrics} (both providers' figures and the latest decision, the
 * leader's where another replica leads).
 */
final class RolloutResource {
  private static final long SOON_MILLIS = 5_000;

  private final Bus bus;

  RolloutResource(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/transitions", context -> transitions(context, false));
    Methods.get(router, "/api/v1/rollbacks", context -> transitions(context, true));
    Methods.get(router, "/api/v1/metrics", this::metrics);
  }

  private void transitions(RoutingContext context, boolean rollbacksAlone) {
    bus.<JsonArray>ask(CanaryAddresses.TRANSITIONS, null, SOON_MILLIS)
        .map(all -> rollbacksAlone ? rollbacks(all) : all)
        .onComplete(list -> JsonAnswer.send(context, list), silent -> silent(context));
  }

  private static JsonArray rollbacks(JsonArray transitions) {
    List<JsonObject> rollbacks =
        transitions.stream()
            .map(JsonObject.class::cast)
            .filter(transition -> "rollback".equals(transition.getString("action")))
            .toList();
    return new JsonArray(rollbacks);
  }

  private void metrics(RoutingContext context) {
    Future<JsonObject> own = bus.ask(CanaryAddresses.HEALTH_GET, null, SOON_MILLIS);
    FleetFigures.askLeader(bus, Figure.HEALTH)
        .compose(
            asked ->
                asked
                    .leaders()
                    .map(Future::succeededFuture)
                    .orElse(own)
                    .map(health -> health.isEmpty() ? health : asked.tell(health)))
        .onComplete(body -> JsonAnswer.send(context, body), silent -> silent(context));
  }

  private static void silent(RoutingContext context) {
    Problem.send(context, 503, "the canary does not answer; the split stays as it is");
  }
}
