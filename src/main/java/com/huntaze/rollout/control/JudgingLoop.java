package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.CanaryState;
import com.huntaze.rollout.canary.Rollout;
import com.huntaze.rollout.canary.Saved;
import com.huntaze.rollout.canary.Verdict;
import com.huntaze.rollout.health.ProviderMetrics;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Consumer;

final class JudgingLoop {
  private final CanaryControl control;

  JudgingLoop(Vertx vertx, CanaryParts parts, CanaryControl control) {
    this.control = control;
  }

  void findings(Consumer<Verdict> to) {}

  void start() {}

  void stop() {}

  void follow(CanarySnapshot snapshot) {}

  Map<String, Object> checkpoint() {
    return Map.of();
  }

  void restore(Saved saved) {}

  JsonObject json() {
    return new JsonObject();
  }

  CanaryState state() {
    Rollout rollout = control.rollout();
    return new CanaryState(
        rollout.snapshot(),
        null,
        rollout.health().healthyMillis() / 1000,
        ProviderMetrics.none(Provider.FOUNDRY),
        ProviderMetrics.none(Provider.LEGACY),
        control.reason(),
        control.next());
  }
}
