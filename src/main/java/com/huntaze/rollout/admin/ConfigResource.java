package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.settings.ConfigAddresses;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * {@code GET /api/v1/config}: the configuration in force with each value's source, secrets masked.
 * {@code POST /api/v1/config/reload} reads its files again: 200 when they are in force, 422 with
 * every problem when they are refused and the running configuration stays.
 */
final class ConfigResource {
  /** A reload waits for the rollout's state to be written. */
  private static final long SOON_MILLIS = 10_000;

  private static final int REFUSED = 422;

  private final Bus bus;

  ConfigResource(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/config", this::get);
    JsonBody.mount(
        router,
        HttpMethod.POST,
        "/api/v1/config/reload",
        Set.of(),
        (context, body) -> reload(context));
  }

  private void get(RoutingContext context) {
    bus.<JsonObject>ask(ConfigAddresses.GET, null, SOON_MILLIS)
        .onComplete(
            body -> JsonAnswer.send(context, body),
            silent -> Problem.send(context, 503, "the configuration does not answer"));
  }

  private void reload(RoutingContext context) {
    bus.<JsonObject>ask(ConfigAddresses.RELOAD, new JsonObject().put("cause", "api"), SOON_MILLIS)
        .onComplete(
            body -> answer(context, body),
            silent ->
                Problem.send(
                    context,
                    503,
                    "not answered within 10 s: see GET /api/v1/config for what is in force"));
  }

  private static void answer(RoutingContext context, JsonObject result) {
    JsonArray problems = result.getJsonArray("problems");
    if (problems == null) {
      JsonAnswer.send(context, result);
    } else {
      Problem.send(
          context,
          REFUSED,
          "the configuration is refused, the running one stays",
          new JsonObject().put("problems", problems));
    }
  }
}
