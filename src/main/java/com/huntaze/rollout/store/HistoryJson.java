package com.huntaze.rollout.store;

import com.huntaze.rollout.history.Figures;
import com.huntaze.rollout.history.HistoryPoints;
import com.huntaze.rollout.history.HistoryRow;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** The rows of the history from the bodies of the event bus, and its answers. */
final class HistoryJson {
  private static final double NANOS_PER_USD = 1e9;

  private HistoryJson() {}

  /**
   * The row of a moment.
   *
   * @param health the latest evaluation, {@code null} = none yet
   * @param traffic of the last ten seconds
   */
  static HistoryRow row(long at, int percentage, JsonObject health, JsonObject traffic) {
    String verdict = health == null ? "" : health.getString("verdict", "");
    return new HistoryRow(
        at,
        percentage,
        verdict,
        figures(health, traffic, "foundry"),
        figures(health, traffic, "legacy"));
  }

  private static Figures figures(JsonObject health, JsonObject traffic, String side) {
    JsonObject flow = traffic.getJsonObject(side);
    JsonObject judged = health == null ? null : health.getJsonObject(side);
    JsonObject window = health == null ? null : health.getJsonObject(side + "Window");
    double settled = number(window, "settled");
    double costKnown = number(window, "costKnown");
    return new Figures(
        number(flow, "perSecond"),
        settled > 0 ? 1 - number(window, "errors") / settled : Double.NaN,
        number(judged, "requestCount") > 0 ? number(judged, "latencyP95") : Double.NaN,
        number(flow, "firstContentP95"),
        number(flow, "errorsPerSecond"),
        costKnown > 0 ? number(window, "costNano") / costKnown / NANOS_PER_USD : Double.NaN);
  }

  private static double number(JsonObject object, String field) {
    return object != null && object.getValue(field) instanceof Number number
        ? number.doubleValue()
        : Double.NaN;
  }

  /** The points of a span, and how many lines could not be read. */
  static JsonObject answer(HistoryRequest asked, HistoryPoints points, long damaged) {
    JsonArray all = new JsonArray();
    points.all().forEach(row -> all.add(point(row)));
    return new JsonObject()
        .put("from", Instant.ofEpochMilli(asked.from()).toString())
        .put("to", Instant.ofEpochMilli(asked.to()).toString())
        .put("stepMillis", points.step())
        .put("rows", points.rows())
        .put("damaged", damaged)
        .put("points", all);
  }

  private static JsonObject point(HistoryRow row) {
    return new JsonObject()
        .put("at", Instant.ofEpochMilli(row.at()).toString())
        .put("percentage", row.percentage())
        .put("verdict", row.verdict().isEmpty() ? null : row.verdict())
        .put("foundry", side(row.foundry()))
        .put("legacy", side(row.legacy()));
  }

  private static JsonObject side(Figures figures) {
    return new JsonObject()
        .put("rate", known(figures.rate()))
        .put("success", known(figures.success()))
        .put("p95", known(figures.p95()))
        .put("firstContent", known(figures.firstContent()))
        .put("errors", known(figures.errors()))
        .put("cost", known(figures.cost()));
  }

  private static Double known(double figure) {
    return Double.isNaN(figure) ? null : figure;
  }
}
