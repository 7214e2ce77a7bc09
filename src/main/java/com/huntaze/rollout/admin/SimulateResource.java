package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.provider.SimulationAddresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * {@code /api/v1/simulate}: breaks and repairs the simulated Foundry. It is there only when {@code
 * simulate} is configured.
 */
final class SimulateResource {
  private static final long SOON_MILLIS = 5_000;
  private static final String NONE = "none";

  private final Bus bus;
  private final TrafficFigures traffic;
  private final EventHub hub;

  SimulateResource(Bus bus, TrafficFigures traffic, EventHub hub) {
    this.bus = bus;
    this.traffic = traffic;
    this.hub = hub;
  }

  void mount(Router router) {
    bus.hear(SimulationAddresses.CHANGED, JsonObject.class, this::tell);
    Methods.get(
        router,
        "/api/v1/simulate",
        context -> answer(context, bus.ask(SimulationAddresses.GET, null, SOON_MILLIS)));
    JsonBody.mount(
        router, HttpMethod.POST, "/api/v1/simulate/foundry", Set.of("fault"), this::change);
  }

  private void change(RoutingContext context, JsonObject body) {
    answer(context, bus.ask(SimulationAddresses.BREAK, body, SOON_MILLIS));
  }

  /**
   * Whoever has changed it. Clients are counted from a break on, over its repair, to the next
   * break.
   */
  private void tell(JsonObject simulation) {
    String fault = simulation.getString("fault");
    if (!fault.equals(NONE)) {
      traffic.brokenBy(fault);
    }
    hub.publish("simulation", simulation);
  }

  private static void answer(RoutingContext context, Future<JsonObject> reply) {
    reply.onComplete(
        body -> JsonAnswer.send(context, body),
        failure -> {
          if (failure instanceof ReplyException refused && refused.failureCode() > 0) {
            Problem.send(context, refused.failureCode(), refused.getMessage());
          } else {
            Problem.send(context, 503, "the simulation does not answer");
          }
        });
  }
}
