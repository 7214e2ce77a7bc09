package com.huntaze.rollout.admin;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.provider.ProviderAddresses;
import com.huntaze.rollout.settings.ConfigAddresses;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
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
  private static final Set<String> PROVIDER_FIELDS = Set.of("provider", "state", "up");

  private final Vertx vertx;
  private final EventHub hub;
  private final TrafficFigures traffic;
  private final Throttle<JsonObject> health;
  private long timer;

  EventFeed(Vertx vertx, EventHub hub, TrafficFigures traffic) {
    this.vertx = vertx;
    this.hub = hub;
    this.traffic = traffic;
    this.health =
        new Throttle<>(vertx, HEALTH_MILLIS, json -> hub.publish("health", HealthEvent.of(json)));
  }

  void start() {
    EventBus bus = vertx.eventBus();
    bus.<JsonObject>localConsumer(CanaryAddresses.STATE, m -> hub.publish("state", m.body()));
    bus.<JsonObject>localConsumer(CanaryAddresses.HEALTH, m -> health.offer(m.body()));
    bus.<JsonObject>localConsumer(CanaryAddresses.TRANSITION, m -> transition(m.body()));
    bus.<JsonObject>localConsumer(ConfigAddresses.CHANGED, m -> hub.publish("config", m.body()));
    bus.<JsonObject>localConsumer(ConfigAddresses.REFUSED, m -> hub.publish("config", m.body()));
    bus.localConsumer(CanaryAddresses.ALERT, message -> alert(message.body()));
    bus.<JsonObject>localConsumer(
        ProviderAddresses.BREAKER_STATE, m -> provider("breaker", m.body()));
    bus.<JsonObject>localConsumer(ProviderAddresses.PROBE_STATE, m -> provider("probe", m.body()));
    timer = vertx.setPeriodic(TRAFFIC_MILLIS, tick -> hub.publish("traffic", traffic.next()));
  }

  void stop() {
    vertx.cancelTimer(timer);
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

  /** Anybody may publish an alert: of what is none of ours nothing is told. */
  private void alert(Object body) {
    if (body instanceof JsonObject json
        && json.getValue("kind") instanceof String kind
        && json.getValue("sentence") instanceof String sentence) {
      String subject = json.getValue("subject") instanceof String text ? text : "";
      Alert.Kind.of(kind)
          .map(known -> Alert.of(known, subject, sentence, System.currentTimeMillis()))
          .ifPresent(alert -> hub.publish("alert", new JsonObject(alert.fields())));
    }
  }
}
