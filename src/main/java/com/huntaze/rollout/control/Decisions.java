package com.huntaze.rollout.control;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.traffic.ProviderSelector;
import com.huntaze.rollout.traffic.TrafficSplitter;
import com.huntaze.rollout.traffic.UserKey;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Answers {@code rollout.canary.decide}, as the request path would decide. */
final class Decisions {
  private static final Set<String> FIELDS = Set.of("requestId", "userId");

  private final ProviderMode mode;
  private final TrafficSplitter splitter;
  private final ProviderSelector selector;

  Decisions(ProviderMode mode, TrafficSplitter splitter) {
    this.mode = mode;
    this.splitter = splitter;
    this.selector = new ProviderSelector(splitter);
  }

  /** Another snapshot is in force. */
  void follow(CanarySnapshot snapshot) {
    splitter.updatePercentage(snapshot.percentage());
  }

  /**
   * The provider for one request, and what it was decided by.
   *
   * @throws IllegalArgumentException with a sentence for the sender
   */
  JsonObject decide(Object message, CanarySnapshot snapshot) {
    if (!(message instanceof JsonObject request)) {
      throw new IllegalArgumentException(
          "body: not a JSON object (expected: {\"requestId\": …, \"userId\": …})");
    }
    Bodies.known(request, FIELDS);
    text(request.getValue("requestId"), "requestId");
    String userId = text(request.getValue("userId"), "userId");
    Provider provider = selector.choose(mode, UserKey.normalise(userId)).provider();
    return new JsonObject()
        .put("provider", provider.label())
        .put("percentage", snapshot.percentage())
        .put("phase", snapshot.phase().name())
        .put("epoch", snapshot.epoch().toString())
        .put("stage", snapshot.stage());
  }

  private static String text(Object value, String field) {
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: text, or none)".formatted(field, CommandReader.clean(value)));
  }
}
