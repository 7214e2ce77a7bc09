package com.huntaze.rollout.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * An evaluation as an event: what is watched second by second. Models, tests and comparisons are in
 * {@code GET /api/v1/metrics}.
 */
final class HealthEvent {
  private static final List<String> FIELDS =
      List.of(
          "at",
          "epoch",
          "stage",
          "verdict",
          "hold",
          "sentence",
          "findings",
          "notices",
          "metrics",
          "gates",
          "promotion",
          "foundryWindow",
          "legacyWindow",
          "freshness");

  private HealthEvent() {}

  static JsonObject of(JsonObject health) {
    JsonObject event = new JsonObject();
    for (String field : FIELDS) {
      event.put(field, health.getValue(field));
    }
    return event
        .put("segments", worse(health.getJsonObject("segments")))
        .put("foundry", without(health.getJsonObject("foundry"), "modelBreakdown"))
        .put("legacy", without(health.getJsonObject("legacy"), "modelBreakdown"))
        .put("foundryTotals", part(health.getJsonObject("foundryTotals"), "all"))
        .put("legacyTotals", part(health.getJsonObject("legacyTotals"), "all"))
        .put("limits", without(health.getJsonObject("limits"), "findings"));
  }

  /** Of the parts of the traffic those that are worse off than legacy's. */
  private static JsonObject worse(JsonObject segments) {
    if (segments == null) {
      return null;
    }
    JsonArray rows = new JsonArray();
    segments.getJsonArray("rows").stream()
        .map(JsonObject.class::cast)
        .filter(row -> "over".equals(row.getString("state")))
        .forEach(rows::add);
    return new JsonObject().put("compared", segments.getValue("compared")).put("rows", rows);
  }

  private static JsonObject part(JsonObject object, String field) {
    return object == null ? null : object.getJsonObject(field);
  }

  private static JsonObject without(JsonObject object, String field) {
    if (object == null) {
      return null;
    }
    JsonObject rest = object.copy();
    rest.remove(field);
    return rest;
  }
}
