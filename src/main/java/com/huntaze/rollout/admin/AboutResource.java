package com.huntaze.rollout.admin;

import com.huntaze.rollout.admin.access.Caller;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.settings.ConfigAddresses;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * {@code /api/v1/about}: whom one talks to, and as whom: environment, replica, whether it leads,
 * version, the address of traces, the caller's name and role.
 */
final class AboutResource {
  private static final long SOON_MILLIS = 5_000;

  private final Bus bus;
  private final String version;

  AboutResource(Bus bus, String version) {
    this.bus = bus;
    this.version = version;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/about", this::get);
  }

  private void get(RoutingContext context) {
    Future<JsonObject> lead = bus.ask(FleetAddresses.LEAD_GET, null, SOON_MILLIS);
    Future<JsonObject> configuration = bus.ask(ConfigAddresses.GET, null, SOON_MILLIS);
    Future.all(lead, configuration)
        .onComplete(
            both ->
                JsonAnswer.send(
                    context,
                    about(lead.result(), configuration.result(), AdminGuard.caller(context))),
            silent -> Problem.send(context, 503, "the canary or the configuration is silent"));
  }

  private JsonObject about(JsonObject lead, JsonObject configuration, Caller caller) {
    return new JsonObject()
        .put("version", version)
        .put("environment", value(configuration, "alerts.environment"))
        .put("traceLink", value(configuration, "alerts.links.trace"))
        .put("clustered", value(configuration, "cluster.name") != null)
        .put("replica", lead.getString("replica"))
        .put("leads", lead.getBoolean("leads"))
        .put("caller", caller.name())
        .put("role", caller.role().label());
  }

  private static String value(JsonObject configuration, String path) {
    return configuration.getJsonArray("values").stream()
        .map(JsonObject.class::cast)
        .filter(each -> path.equals(each.getString("path")))
        .map(each -> each.getString("value"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
