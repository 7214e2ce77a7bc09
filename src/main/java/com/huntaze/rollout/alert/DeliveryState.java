package com.huntaze.rollout.alert;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** The state of a channel: counts since the start, the last success and the last failure. */
final class DeliveryState {
  private final Map<DeliveryStatus, Long> counts = new EnumMap<>(DeliveryStatus.class);
  private int consecutiveFailures;
  private Instant lastDeliveredAt;
  private Instant lastErrorAt;
  private String lastError;

  void ended(DeliveryStatus status) {
    counts.merge(status, 1L, Long::sum);
  }

  void succeeded(Instant at) {
    consecutiveFailures = 0;
    lastDeliveredAt = at;
  }

  /**
   * @param why in words of our own, see {@link Attempted}
   */
  void failed(String why, Instant at) {
    consecutiveFailures++;
    lastError = why;
    lastErrorAt = at;
  }

  int consecutiveFailures() {
    return consecutiveFailures;
  }

  JsonObject json() {
    return new JsonObject()
        .put("delivered", count(DeliveryStatus.DELIVERED))
        .put("failed", count(DeliveryStatus.FAILED))
        .put("dropped", count(DeliveryStatus.DROPPED))
        .put("suppressed", count(DeliveryStatus.SUPPRESSED))
        .put("consecutiveFailures", consecutiveFailures)
        .put("lastDeliveredAt", text(lastDeliveredAt))
        .put("lastErrorAt", text(lastErrorAt))
        .put("lastError", lastError);
  }

  private long count(DeliveryStatus status) {
    return counts.getOrDefault(status, 0L);
  }

  private static String text(Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
