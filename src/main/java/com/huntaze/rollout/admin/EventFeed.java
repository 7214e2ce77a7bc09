package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.Figure;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.history.HistoryAddresses;
import com.huntaze.rollout.provider.ProviderAddresses;
import com.huntaze.rollout.settings.ConfigAddresses;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * Turns what the verticles publish into events: {@code state}, {@code health}, {@code transition},
 * {@code alert}, {@code breaker}, {@code probe}, {@code config}, and once a second {@code traffic}.
 */
final class EventFeed {
  /** Evaluations come once a second; when they come more often, about one a second is shown. */
  private static final long HEALTH_MILLIS = 900;

  private static final long TRAFFIC_MILLIS = 1_000;
  private static final Set<String> PROVIDER_FIELDS =
      Set.of("provider", "state", "up", "cause", "why");

  private final Vertx vertx;
  private final Bus bus;
  private final EventHub hub;
  private final TrafficFigures traffic;
  private final Throttle<JsonObject> health;
  private long timer;

  EventFeed(Vertx vertx, Bus bus, EventHub hub, TrafficFigures traffic) {
    this.vertx = vertx;
    this.bus = bus;
    this.hub = hub;
    this.traffic = traffic;
    this.health = new Throttle<>(vertx, HEALTH_MILLIS, this::health);
  }

  void start() {
    bus.hear(CanaryAddresses.STATE, JsonObject.class, json -> hub.publish("state", json));
    bus.hear(CanaryAddresses.HEALTH, JsonObject.class, json -> health.offer(json));
    bus.hear(CanaryAddresses.TRANSITION, JsonObject.class, json -> transition(json));
    bus.hear(ConfigAddresses.CHANGED, JsonObject.class, json -> hub.publish("config", json));
    bus.hear(ConfigAddresses.REFUSED, JsonObject.class, json -> hub.publish("config", json));
    bus.hear(CanaryAddresses.ALERT_TAKEN, JsonObject.class, json -> hub.publish("alert", json));
    bus.hear(ProviderAddresses.BREAKER_STATE, JsonObject.class, json -> provider("breaker", json));
    bus.hear(ProviderAddresses.PROBE_STATE, JsonObject.class, json -> provider("probe", json));
    timer = vertx.setPeriodic(TRAFFIC_MILLIS, tick -> traffic());
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  /** Tells those who look on what the leader says of all, where another replica leads. */
  private void health(JsonObject own) {
    if (!hub.isHeard()) {
      hub.publish("health", HealthEvent.of(own));
      return;
    }
    FleetFigures.askLeader(bus, Figure.HEALTH)
        .onSuccess(
            asked -> {
              JsonObject told = asked.leaders().filter(health -> !health.isEmpty()).orElse(own);
              hub.publish("health", asked.tell(HealthEvent.of(told)));
            });
  }

  private void traffic() {
    JsonObject now = traffic.next();
    hub.publish("traffic", now);
    bus.publish(HistoryAddresses.TRAFFIC, now);
  }

  /** Without the evidence, which is large: {@code GET /api/v1/transitions} has it. */
  private void transition(JsonObject transition) {
    JsonObject told = transition.copy();
    told.remove("evidence");
    hub.publish("transition", told);
  }

  private void provider(String event, JsonObject change) {
    JsonObject told = new JsonObject();
    for (String field : List.copyOf(PROVIDER_FIELDS)) {
      if (change.containsKey(field)) {
        told.put(field, change.getValue(field));
      }
    }
    hub.publish(event, told);
  }
}
