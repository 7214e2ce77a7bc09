package com.huntaze.rollout.admin;

import com.huntaze.rollout.admin.figures.OthersProviders;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.Figure;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.provider.ProviderAddresses;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code GET /api/v1/providers}: each provider's circuit breaker ({@code closed}, {@code open},
 * {@code half_open}), whether its probe finds it up and why not, and the addresses that are
 * connected to. All of that is this replica's; beside it stands what the others of a cluster say.
 */
final class ProvidersResource {
  private static final long SOON_MILLIS = 5_000;

  /** The fields of a probe that are there while its provider is down. */
  private static final List<String> REASONS = List.of("cause", "why");

  private final Bus bus;

  ProvidersResource(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router) {
    Methods.get(router, "/api/v1/providers", this::get);
    bus.serve(
        FleetAddresses.PROVIDERS_HERE,
        body -> own().map(rows -> new JsonObject().put(OthersProviders.ROWS, rows)));
  }

  private void get(RoutingContext context) {
    boolean ownAlone;
    try {
      ownAlone = FleetFigures.ownAlone(context.request().getParam("scope"));
    } catch (IllegalArgumentException malformed) {
      Problem.send(context, 400, malformed.getMessage());
      return;
    }
    Future<FleetFigures> others =
        ownAlone
            ? FleetFigures.own(bus)
            : FleetFigures.ask(bus, Figure.PROVIDERS, new JsonObject());
    Future<JsonArray> own = own();
    Future.all(own, others)
        .onComplete(
            both -> JsonAnswer.send(context, OthersProviders.beside(own.result(), others.result())),
            silent -> Problem.send(context, 503, "breakers and probes do not answer"));
  }

  private Future<JsonArray> own() {
    Future<JsonArray> breakers = ask(ProviderAddresses.BREAKER_GET);
    Future<JsonArray> probes = ask(ProviderAddresses.PROBE_GET);
    return Future.all(breakers, probes).map(both -> joined(breakers.result(), probes.result()));
  }

  private Future<JsonArray> ask(String address) {
    return bus.<JsonArray>ask(address, null, SOON_MILLIS);
  }

  private static JsonArray joined(JsonArray breakers, JsonArray probes) {
    JsonArray all = new JsonArray();
    for (int i = 0; i < breakers.size(); i++) {
      JsonObject breaker = breakers.getJsonObject(i);
      String provider = breaker.getString("provider");
      JsonObject probe = of(provider, probes);
      JsonObject told =
          new JsonObject()
              .put("provider", provider)
              .put("breaker", breaker.getString("state"))
              .put("up", probe.getBoolean("up"));
      for (String reason : REASONS) {
        if (probe.containsKey(reason)) {
          told.put(reason, probe.getString(reason));
        }
      }
      all.add(told.put("addresses", probe.getJsonArray("addresses")));
    }
    return all;
  }

  private static JsonObject of(String provider, JsonArray probes) {
    return probes.stream()
        .map(JsonObject.class::cast)
        .filter(probe -> provider.equals(probe.getString("provider")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("probe: none of " + provider + " (expected: one)"));
  }
}
