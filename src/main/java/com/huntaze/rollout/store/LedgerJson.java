package com.huntaze.rollout.store;

import com.huntaze.rollout.cost.CostLedger;
import com.huntaze.rollout.cost.Dimension;
import com.huntaze.rollout.cost.LedgerPeriod;
import com.huntaze.rollout.cost.LedgerSnapshot;
import com.huntaze.rollout.cost.LedgerTotals;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The books as they are kept: each sum is a list of its eight numbers. */
final class LedgerJson {
  /** The most that doubles can count: a thousand replicas of it fit into a sum. */
  private static final long MOST = 1L << 53;

  private LedgerJson() {}

  static String write(LedgerSnapshot snapshot) {
    return new JsonObject()
        .put("total", period(snapshot.total()))
        .put("hours", periods(snapshot.hours()))
        .put("days", periods(snapshot.days()))
        .encode();
  }

  private static JsonArray periods(List<LedgerPeriod> periods) {
    JsonArray all = new JsonArray();
    periods.forEach(period -> all.add(period(period)));
    return all;
  }

  private static JsonObject period(LedgerPeriod period) {
    JsonObject by = new JsonObject();
    period
        .by()
        .forEach(
            (dimension, rows) -> {
              JsonObject sums = new JsonObject();
              rows.forEach((value, totals) -> sums.put(value, totals(totals)));
              by.put(dimension.label(), sums);
            });
    return new JsonObject().put("from", period.from()).put("by", by);
  }

  private static JsonArray totals(LedgerTotals totals) {
    return JsonArray.of(
        totals.exact(),
        totals.estimated(),
        totals.unknown(),
        totals.nanoUsd(),
        totals.inputTokens(),
        totals.outputTokens(),
        totals.cachedTokens(),
        totals.reasoningTokens());
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws DamagedException if it is anything else
   */
  static LedgerSnapshot read(String text) throws DamagedException {
    try {
      JsonObject json = new JsonObject(text);
      return new LedgerSnapshot(
          readPeriod(json.getJsonObject("total")),
          readPeriods(json.getJsonArray("hours")),
          readPeriods(json.getJsonArray("days")));
    } catch (RuntimeException malformed) {
      throw new DamagedException("it holds no books");
    }
  }

  /**
   * Reads the books of another replica.
   *
   * @throws IllegalArgumentException if they are none, or hold numbers that no books have
   */
  static LedgerSnapshot readOfOthers(JsonObject told) {
    try {
      LedgerSnapshot read = read(told.encode());
      all(read).forEach(LedgerJson::require);
      return read;
    } catch (DamagedException malformed) {
      throw new IllegalArgumentException("costs: no books (expected: those of a replica)");
    }
  }

  private static Stream<LedgerTotals> all(LedgerSnapshot books) {
    return Stream.of(List.of(books.total()), books.hours(), books.days())
        .flatMap(List::stream)
        .flatMap(period -> period.by().values().stream())
        .flatMap(rows -> rows.values().stream());
  }

  private static void require(LedgerTotals sum) {
    LongStream.of(
            sum.exact(),
            sum.estimated(),
            sum.unknown(),
            sum.nanoUsd(),
            sum.inputTokens(),
            sum.outputTokens(),
            sum.cachedTokens(),
            sum.reasoningTokens())
        .filter(number -> number < 0 || number > MOST)
        .findFirst()
        .ifPresent(
            number -> {
              throw new IllegalArgumentException(
                  "costs: %d (expected: 0 to %d)".formatted(number, MOST));
            });
  }

  private static List<LedgerPeriod> readPeriods(JsonArray periods) {
    return periods.stream().map(period -> readPeriod((JsonObject) period)).toList();
  }

  private static LedgerPeriod readPeriod(JsonObject json) {
    JsonObject by = json.getJsonObject("by");
    Map<Dimension, Map<String, LedgerTotals>> all = new EnumMap<>(Dimension.class);
    for (Dimension dimension : Dimension.values()) {
      Map<String, LedgerTotals> rows = new TreeMap<>();
      JsonObject sums = by.getJsonObject(dimension.label(), new JsonObject());
      sums.fieldNames().forEach(value -> rows.put(value, readTotals(sums.getJsonArray(value))));
      all.put(dimension, rows);
    }
    LedgerPeriod period = new LedgerPeriod(json.getLong("from"), all);
    // Books of versions that knew fewer dimensions: each dimension sums up to the same.
    all.forEach(
        (dimension, rows) -> {
          if (!by.containsKey(dimension.label()) && period.total().requests() > 0) {
            rows.put(CostLedger.NONE, period.total());
          }
        });
    return period;
  }

  private static LedgerTotals readTotals(JsonArray sums) {
    return new LedgerTotals(
        sums.getLong(0),
        sums.getLong(1),
        sums.getLong(2),
        sums.getLong(3),
        sums.getLong(4),
        sums.getLong(5),
        sums.getLong(6),
        sums.getLong(7));
  }
}
