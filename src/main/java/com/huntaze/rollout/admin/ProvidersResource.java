package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
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
 * connected to.
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
  }

  private void get(RoutingContext context) {
    Future<JsonArray> breakers = ask(ProviderAddresses.BREAKER_GET);
    Future<JsonArray> probes = ask(ProviderAddresses.PROBE_GET);
    Future.all(breakers, probes)
        .onComplete(
            both -> JsonAnswer.send(context, joined(breakers.result(), probes.result())),
            silent -> Problem.send(context, 503, "breakers and probes do not answer"));
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
