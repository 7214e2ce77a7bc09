package com.huntaze.rollout.alert;

import com.huntaze.rollout.canary.Alert;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The meters of alerts. Every label has a fixed set of values. */
final class AlertMeters {
  private final Map<Alert.Kind, Counter> raised = new EnumMap<>(Alert.Kind.class);
  private final Map<String, Map<DeliveryStatus, Counter>> deliveries = new HashMap<>();
  private final Counter refused;

  /**
   * @param channels the channels' names
   */
  AlertMeters(MeterRegistry registry, List<String> channels) {
    for (Alert.Kind kind : Alert.Kind.values()) {
      raised.put(
          kind,
          Counter.builder("rollout.alerts")
              .description("Alerts that were raised, those that were kept back included.")
              .tag("kind", kind.label())
              .tag("severity", kind.severity().label())
              .register(registry));
    }
    for (String channel : channels) {
      deliveries.put(channel, results(registry, channel));
    }
    refused =
        Counter.builder("rollout.alerts.refused")
            .description("Messages on the event bus that should have been alerts and are none.")
            .register(registry);
  }

  private static Map<DeliveryStatus, Counter> results(MeterRegistry registry, String channel) {
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
