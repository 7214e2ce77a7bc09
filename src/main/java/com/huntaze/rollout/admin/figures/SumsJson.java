package com.huntaze.rollout.admin.figures;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.quality.FeedbackSums;
import com.huntaze.rollout.quality.Rating;
import com.huntaze.rollout.quality.Scores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The sums of callers' ratings between replicas: each is a list of its three numbers. */
public final class SumsJson {
  /** Ratings of one row and provider: sums of squares of a thousand replicas fit. */
  private static final long MOST = 1_000_000_000L;

  private SumsJson() {}

  public static JsonObject write(FeedbackSums sums) {
    JsonObject rows = new JsonObject();
    sums.rows().forEach((value, sides) -> rows.put(value, sides(sides)));
    JsonObject labels = new JsonObject();
    sums.labels()
        .forEach(
            (provider, counts) -> {
              JsonObject told = new JsonObject();
              counts.forEach(told::put);
              labels.put(provider.label(), told);
            });
    return new JsonObject().put("rows", rows).put("labels", labels);
  }

  private static JsonObject sides(Map<Provider, Scores> sides) {
    JsonObject told = new JsonObject();
    sides.forEach(
        (provider, scores) ->
            told.put(
                provider.label(), JsonArray.of(scores.count(), scores.sum(), scores.squares())));
    return told;
  }

  /**
   * Reads what another replica has written.
   *
   * @throws IllegalArgumentException if no ratings have these sums
   * @throws ClassCastException if a part is of another kind
   */
  public static FeedbackSums read(JsonObject told) {
    Map<String, Map<Provider, Scores>> rows = new TreeMap<>();
    JsonObject all = told.getJsonObject("rows", new JsonObject());
    all.fieldNames().forEach(value -> rows.put(value, readSides(all.getJsonObject(value))));
    Map<Provider, Map<String, Long>> labels = new EnumMap<>(Provider.class);
    JsonObject counted = told.getJsonObject("labels", new JsonObject());
    for (String side : counted.fieldNames()) {
      Map<String, Long> counts = new TreeMap<>();
      JsonObject of = counted.getJsonObject(side);
      of.fieldNames().forEach(label -> counts.put(label, number(of.getLong(label), MOST)));
      labels.put(Provider.of(side), counts);
    }
    return new FeedbackSums(rows, labels);
  }

  private static Map<Provider, Scores> readSides(JsonObject told) {
    Map<Provider, Scores> sides = new EnumMap<>(Provider.class);
    for (String side : told.fieldNames()) {
      JsonArray numbers = told.getJsonArray(side);
      long count = number(numbers.getLong(0), MOST);
      long sum = number(numbers.getLong(1), count * Rating.BEST);
      sides.put(
          Provider.of(side), new Scores(count, sum, number(numbers.getLong(2), sum * Rating.BEST)));
    }
    return sides;
  }

  private static long number(Long told, long most) {
    if (told == null || told < 0 || told > most) {
      throw new IllegalArgumentException("ratings: %s (expected: 0 to %d)".formatted(told, most));
    }
    return told;
  }
}
