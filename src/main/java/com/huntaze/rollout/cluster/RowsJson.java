package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.window.Apart;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.KeySketch;
import com.huntaze.rollout.judge.window.LatencySnapshot;
import com.huntaze.rollout.judge.window.Maker;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.ProviderFigures;
import com.huntaze.rollout.judge.window.RequesterTotals;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.judge.window.StageTotals;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A process's report as the body of a frame, and back. Short names, for it goes once a second;
 * counters and metrics by their names, of which unknown ones are passed over.
 */
final class RowsJson {
  private static final Pattern SOURCE = Pattern.compile("replica-[A-Za-z0-9._-]{1,64}");
  private static final int MOST_ROWS = 16;
  private static final double MOST_NATS = 1e15;

  /** In nano-USD a thousand million dollars; so many rows of it can be added up. */
  private static final long MOST_COUNT = 1L << 60;

  private static final int MOST_MODELS = 64;
  private static final int MOST_APART = 128;

  private RowsJson() {}

  static JsonObject write(SourceReport report) {
    JsonArray rows = new JsonArray();
    report.rows().forEach(row -> rows.add(row(row)));
    return new JsonObject()
        .put("source", report.source())
        .put("last", report.last())
        .put("rows", rows);
  }

  private static JsonObject row(MetricsRow row) {
    return new JsonObject()
        .put("v", row.version())
        .put("e", row.epoch())
        .put("s", row.stage())
        .put("b", row.born())
        .put("f", figures(row.foundry()))
        .put("l", figures(row.legacy()));
  }

  private static JsonObject figures(ProviderFigures figures) {
    JsonObject times = new JsonObject();
    figures
        .times()
        .forEach(
            (metric, each) -> {
              if (each.count() > 0) {
                times.put(metric.name(), each.encoded());
              }
            });
    JsonObject models = new JsonObject();
    figures.models().forEach((model, counts) -> models.put(model, counts(counts)));
    JsonArray apart = new JsonArray();
    figures.apart().forEach(each -> apart.add(apart(each)));
    return new JsonObject()
        .put("t", totals(figures.totals()))
        .put("k", new JsonArray(new ArrayList<Object>(figures.keys().words())))
        .put("h", times)
        .put("m", models)
        .put("a", apart);
  }

  private static JsonObject apart(RequesterTotals each) {
    return new JsonObject()
        .put("k", each.maker().kind().name())
        .put("h", each.maker().hash())
        .put("b", each.born())
        .put("t", totals(each.totals()));
  }

  private static JsonObject totals(StageTotals totals) {
    return new JsonObject()
        .put("a", counts(totals.all()))
        .put("s", counts(totals.sampled()))
        .put("w", new JsonArray(new ArrayList<Object>(totals.costWealth())));
  }

  private static JsonObject counts(Counts counts) {
    JsonObject named = new JsonObject();
    counts.named().forEach(named::put);
    return named;
  }

  /**
   * The report that came.
   *
   * @throws IllegalArgumentException if it is none
   */
  static SourceReport read(JsonObject body) {
    try {
      String source = source(body);
      List<MetricsRow> rows = list(body, "rows", MOST_ROWS, each -> row(source, (JsonObject) each));
      return new SourceReport(source, rows, List.of(), List.of(), body.getBoolean("last"));
    } catch (ClassCastException | NullPointerException strange) {
      throw new IllegalArgumentException("rows: a member is missing, or of another kind", strange);
    }
  }

  /**
   * The source of a body, a replica.
   *
   * @throws IllegalArgumentException if it has none
   */
  static String source(JsonObject body) {
    String source = body.getString("source");
    if (source == null || !SOURCE.matcher(source).matches()) {
      throw new IllegalArgumentException("source: missing, or none of a replica");
    }
    return source;
  }

  private static MetricsRow row(String source, JsonObject row) {
    return new MetricsRow(
        source,
        row.getLong("v"),
        row.getString("e"),
        row.getInteger("s"),
        row.getLong("b"),
        readFigures(row.getJsonObject("f")),
        readFigures(row.getJsonObject("l")));
  }

  private static ProviderFigures readFigures(JsonObject figures) {
    Map<Metric, LatencySnapshot> times = new EnumMap<>(Metric.class);
    JsonObject told = figures.getJsonObject("h");
    for (Metric metric : Metric.values()) {
      if (told.containsKey(metric.name())) {
        times.put(metric, LatencySnapshot.ofEncoded(told.getBinary(metric.name())));
      }
    }
    Map<String, Counts> models = new HashMap<>();
    JsonObject named = figures.getJsonObject("m");
    if (named.size() > MOST_MODELS) {
      throw new IllegalArgumentException("models: " + named.size());
    }
    named.fieldNames().forEach(model -> models.put(model, readCounts(named.getJsonObject(model))));
    return new ProviderFigures(
        readTotals(figures.getJsonObject("t")),
        KeySketch.of(list(figures, "k", KeySketch.WORDS, word -> ((Number) word).longValue())),
        times,
        models,
        list(figures, "a", MOST_APART, each -> readApart((JsonObject) each)));
  }

  private static RequesterTotals readApart(JsonObject each) {
    Maker maker = new Maker(Apart.valueOf(each.getString("k")), each.getLong("h"));
    return new RequesterTotals(maker, each.getLong("b"), readTotals(each.getJsonObject("t")));
  }

  private static StageTotals readTotals(JsonObject totals) {
    return new StageTotals(
        readCounts(totals.getJsonObject("a")),
        readCounts(totals.getJsonObject("s")),
        list(totals, "w", 1_000, RowsJson::nats));
  }

  /** A sum that stays finite whatever is added to it. */
  private static double nats(Object told) {
    double nats = ((Number) told).doubleValue();
    if (!(Math.abs(nats) <= MOST_NATS)) {
      throw new IllegalArgumentException(
          "w: %s (expected: at most %s to either side)".formatted(nats, MOST_NATS));
    }
    return nats;
  }

  private static Counts readCounts(JsonObject named) {
    Map<String, Long> counts = new HashMap<>();
    named.fieldNames().forEach(name -> counts.put(name, count(named, name)));
    return Counts.ofNamed(counts);
  }

  private static long count(JsonObject named, String name) {
    long count = named.getLong(name);
    if (count < 0 || count > MOST_COUNT) {
      throw new IllegalArgumentException(
          "count: %d (expected: 0 to %d)".formatted(count, MOST_COUNT));
    }
    return count;
  }

  /** The members of an array, so many at most. */
  static <T> List<T> list(JsonObject of, String name, int most, Function<Object, T> read) {
    JsonArray array = of.getJsonArray(name);
    if (array.size() > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: at most %d)".formatted(name, array.size(), most));
    }
    List<T> all = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      all.add(read.apply(array.getValue(i)));
    }
    return all;
  }
}
