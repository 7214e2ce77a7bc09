package com.huntaze.rollout.control;

import com.huntaze.rollout.health.HealthMetrics;
import com.huntaze.rollout.health.RollbackDecision;
import com.huntaze.rollout.health.RollbackStatus;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** The body of {@code rollout.health}: plain maps and lists, so that it can be kept as evidence. */
final class HealthJson {
  private HealthJson() {}

  static JsonObject of(
      Instant at, HealthMetrics metrics, RollbackDecision decision, RollbackStatus status) {
    return new JsonObject()
        .put("at", at.toString())
        .put("epoch", metrics.epoch())
        .put("stage", metrics.stage())
        .put("verdict", decision.verdict().label())
        .put("hold", decision.hold().label())
        .put("sentence", decision.sentence())
        .put("findings", decision.findings().stream().map(Trees::of).toList())
        .put("notices", decision.notices().stream().map(Trees::of).toList())
        .put("promotion", Trees.of(decision.promotion()))
        .put("foundry", CanaryJson.metrics(metrics.foundry()).getMap())
        .put("legacy", CanaryJson.metrics(metrics.legacy()).getMap())
        .put("foundryWindow", Trees.of(metrics.foundryWindow()))
        .put("legacyWindow", Trees.of(metrics.legacyWindow()))
        .put("foundryTotals", Trees.of(metrics.foundryTotals()))
        .put("legacyTotals", Trees.of(metrics.legacyTotals()))
        .put("freshness", Trees.of(metrics.freshness()))
        .put("sequential", Trees.of(metrics.sequential()))
        .put("breaker", Trees.of(metrics.breaker()))
        .put("notFound", Trees.of(metrics.notFound()))
        .put("comparison", Trees.of(metrics.comparison()))
        .put("limits", Trees.of(status));
  }
}
