package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.traffic.ProviderSelector;
import com.huntaze.rollout.traffic.TrafficSplitter;
import com.huntaze.rollout.traffic.UserKey;
import io.vertx.core.json.JsonObject;

/** Answers {@code rollout.canary.decide}, as the request path would decide. */
final class Decisions {
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
    Object userId = request.getValue("userId");
    if (userId != null && !(userId instanceof String)) {
      throw new IllegalArgumentException("userId: not text (expected: text, or none)");
    }
    Provider provider = selector.choose(mode, UserKey.normalise((String) userId)).provider();
    return new JsonObject()
        .put("provider", provider.label())
        .put("percentage", snapshot.percentage())
        .put("phase", snapshot.phase().name())
        .put("epoch", snapshot.epoch().toString())
        .put("stage", snapshot.stage());
  }
}
