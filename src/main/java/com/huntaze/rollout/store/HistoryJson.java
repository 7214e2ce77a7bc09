package com.huntaze.rollout.store;

import com.huntaze.rollout.history.Figures;
import com.huntaze.rollout.history.HistoryPoints;
import com.huntaze.rollout.history.HistoryRow;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** The rows of the history from the bodies of the event bus, and its answers. */
final class HistoryJson {
  private static final double NANOS_PER_USD = 1e9;

  /** More than a figure can be, and little enough to add up. */
  private static final double MOST = 1e12;

  /** The rows of 14 days are 241,920. */
  private static final long MOST_ROWS = 1_000_000;

  private static final Pattern WORD = Pattern.compile("[a-z_]{1,40}");

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
  static JsonObject answer(KeptHistory kept) {
    HistoryRequest asked = kept.asked();
    HistoryPoints points = kept.points();
    JsonArray all = new JsonArray();
    points.all().forEach(row -> all.add(point(row)));
    return new JsonObject()
        .put("from", Instant.ofEpochMilli(asked.from()).toString())
        .put("to", Instant.ofEpochMilli(asked.to()).toString())
        .put("stepMillis", points.step())
        .put("rows", points.rows())
        .put("damaged", kept.damaged())
        .put("points", all);
  }

  /** The same, with the number of rows that each point is of. */
  static JsonObject forAnother(KeptHistory kept) {
    JsonObject answer = answer(kept);
    JsonArray points = answer.getJsonArray("points");
    List<Long> rows = kept.points().rowsOfEach();
    for (int i = 0; i < points.size(); i++) {
      points.getJsonObject(i).put("rows", rows.get(i));
    }
    return answer;
  }

  /**
   * Reads what another replica has kept of a span.
   *
   * @throws RuntimeException if it cannot be true
   */
  static KeptHistory readOfOthers(HistoryRequest asked, JsonObject told) {
    JsonArray points = told.getJsonArray("points");
    HistoryPoints read = KeptHistory.none(asked).points();
    bounded(points.size(), 0, asked.points());
    for (int i = 0; i < points.size(); i++) {
      JsonObject point = points.getJsonObject(i);
      String verdict = point.getString("verdict");
      if (verdict != null && !WORD.matcher(verdict).matches()) {
        throw new IllegalArgumentException("verdict: " + verdict);
      }
      read.add(
          new HistoryRow(
              Instant.parse(point.getString("at")).toEpochMilli(),
              (int) bounded(point.getInteger("percentage"), 0, 100),
              verdict == null ? "" : verdict,
              figures(point.getJsonObject("foundry")),
              figures(point.getJsonObject("legacy"))),
          bounded(point.getLong("rows"), 1, MOST_ROWS));
    }
    return new KeptHistory(asked, read, bounded(told.getLong("damaged"), 0, Integer.MAX_VALUE));
  }

  private static Figures figures(JsonObject side) {
    if (side == null) {
      throw new IllegalArgumentException("a side is missing");
    }
    return new Figures(
        figure(side, "rate"),
        figure(side, "success"),
        figure(side, "p95"),
        figure(side, "firstContent"),
        figure(side, "errors"),
        figure(side, "cost"));
  }

  private static double figure(JsonObject side, String field) {
    double figure = number(side, field);
    if (figure < 0 || figure > MOST) {
      throw new IllegalArgumentException("%s: %s".formatted(field, figure));
    }
    return figure;
  }

  private static long bounded(long told, long least, long most) {
    if (told < least || told > most) {
      throw new IllegalArgumentException("%d (expected: %d to %d)".formatted(told, least, most));
    }
    return told;
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
