package com.huntaze.rollout.control;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.canary.CanaryState;
import com.huntaze.rollout.canary.Ladder;
import com.huntaze.rollout.canary.RollbackRecord;
import com.huntaze.rollout.canary.Stage;
import com.huntaze.rollout.canary.Transition;
import com.huntaze.rollout.judge.window.ModelMetrics;
import com.huntaze.rollout.judge.window.ProviderMetrics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON bodies of the canary's event-bus addresses and HTTP resources. */
final class CanaryJson {
  private CanaryJson() {}

  static JsonObject state(CanaryState state) {
    CanarySnapshot snapshot = state.snapshot();
    return new JsonObject()
        .put("phase", snapshot.phase().name())
        .put("percentage", snapshot.percentage())
        .put("startedAt", Instant.ofEpochMilli(snapshot.since()).toString())
        .put("lastHealthCheck", text(state.lastHealthCheck()))
        .put("healthyDuration", state.healthyDuration())
        .put(
            "metrics",
            new JsonObject()
                .put("foundry", metrics(state.foundry()))
                .put("legacy", metrics(state.legacy())))
        .put("epoch", snapshot.epoch().toString())
        .put("stage", snapshot.stage())
        .put("paused", snapshot.position().paused())
        .put("manual", snapshot.position().manual())
        .put("reason", state.reason())
        .put("durable", state.durable())
        .put("next", state.next());
  }

  /** The ladder, lowest first; {@code bakeMillis} is how long each stage must be healthy. */
  static JsonArray stages(Ladder ladder) {
    JsonArray all = new JsonArray();
    for (Stage stage : ladder.stages()) {
      all.add(
          new JsonObject()
              .put("phase", stage.phase().name())
              .put("percentage", stage.percentage())
              .put("bakeMillis", ladder.bakeMillis(stage.index())));
    }
    return all;
  }

  static JsonObject alert(Alert alert) {
    return new JsonObject(alert.fields());
  }

  /** The epoch's rollback as a tree; {@code null} = it is not rolled back. */
  static Map<String, Object> rollback(CanarySnapshot snapshot) {
    RollbackRecord rollback = snapshot.rollback();
    return rollback == null
        ? null
        : Map.of(
            "at", Instant.ofEpochMilli(rollback.at()).toString(),
            "fromPercentage", rollback.fromPercentage(),
            "actor", rollback.actor(),
            "reason", rollback.reason());
  }

  /** The transitions, oldest first. */
  static JsonArray transitions(List<Transition> history) {
    JsonArray all = new JsonArray();
    history.forEach(transition -> all.add(transition(transition)));
    return all;
  }

  static JsonObject transition(Transition transition) {
    CanarySnapshot after = transition.after();
    return new JsonObject()
        .put("action", transition.name())
        .put("actor", transition.actor())
        .put("reason", transition.reason())
        .put("at", Instant.ofEpochMilli(transition.at()).toString())
        .put("epoch", after.epoch().toString())
        .put("seq", after.rolledBack() ? after.rollback().seq() : after.position().seq())
        .put("fromPhase", transition.before().phase().name())
        .put("fromPercentage", transition.before().percentage())
        .put("phase", after.phase().name())
        .put("percentage", after.percentage())
        .put("sentence", transition.sentence())
        .put("evidence", new JsonObject(transition.evidence()));
  }

  private static String text(Instant instant) {
    return instant == null ? null : instant.toString();
  }

  static JsonObject metrics(ProviderMetrics metrics) {
    Map<String, Object> models = new LinkedHashMap<>();
    metrics.modelBreakdown().forEach((name, model) -> models.put(name, metrics(model).getMap()));
    return new JsonObject()
        .put("provider", metrics.provider().label())
        .put("requestCount", metrics.requestCount())
        .put("errorCount", metrics.errorCount())
        .put("errorRate", metrics.errorRate())
        .put("latencyP50", metrics.latencyP50())
        .put("latencyP95", metrics.latencyP95())
        .put("latencyP99", metrics.latencyP99())
        .put("totalCostUsd", metrics.totalCostUsd())
        .put("avgCostPerRequest", metrics.avgCostPerRequest())
        .put("costKnown", metrics.costKnown())
        .put("modelBreakdown", models);
  }

  private static JsonObject metrics(ModelMetrics model) {
    return new JsonObject()
        .put("model", model.model())
        .put("requestCount", model.requestCount())
        .put("avgLatency", model.avgLatency())
        .put("avgCost", model.avgCost())
        .put("costKnown", model.costKnown())
        .put("errorRate", model.errorRate());
  }
}
