package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** The meters of alerts. Every label has a fixed set of values. */
final class AlertMeters {
  private final Map<Alert.Kind, Counter> raised = new EnumMap<>(Alert.Kind.class);
  private final Map<String, Map<DeliveryStatus, Counter>> deliveries = new HashMap<>();
  private final Counter refused;

  private final MeterRegistry registry;

  AlertMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Alert.Kind kind : Alert.Kind.values()) {
      raised.put(
          kind,
          Counter.builder("rollout.alerts")
              .description("Alerts that were raised, those that were kept back included.")
              .tag("kind", kind.label())
              .tag("severity", kind.severity().label())
              .register(registry));
    }
    refused =
        Counter.builder("rollout.alerts.refused")
            .description("Messages on the event bus that should have been alerts and are none.")
            .register(registry);
  }

  /** A channel is there; their names are few, and a name may come again. */
  void channel(String name) {
    deliveries.computeIfAbsent(name, this::results);
  }

  private Map<DeliveryStatus, Counter> results(String channel) {
    Map<DeliveryStatus, Counter> results = new EnumMap<>(DeliveryStatus.class);
    for (DeliveryStatus status : DeliveryStatus.values()) {
      if (status.ended()) {
        results.put(
            status,
            Counter.builder("rollout.alert.deliveries")
                .description("What became of alerts on each channel.")
                .tag("channel", channel)
                .tag("result", status.label())
                .register(registry));
      }
    }
    return results;
  }

  void raised(Alert alert) {
    raised.get(alert.kind()).increment();
  }

  void refused() {
    refused.increment();
  }

  void became(String channel, DeliveryStatus status) {
    if (status.ended()) {
      deliveries.get(channel).get(status).increment();
    }
  }
}
