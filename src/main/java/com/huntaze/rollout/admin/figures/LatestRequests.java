package com.huntaze.rollout.admin.figures;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The latest requests of several replicas, newest first. */
public final class LatestRequests {
  /** The member that they are in. */
  public static final String ROWS = "requests";

  /** More than a replica tells. */
  private static final int MOST = 500;

  /** Each of their times was read before: it is one. */
  private static final Comparator<JsonObject> NEWEST_FIRST =
      Comparator.comparing(LatestRequests::at).reversed();

  private LatestRequests() {}

  /**
   * Returns what another replica has told, if it is what it should be.
   *
   * @throws RuntimeException if it is anything else
   */
  public static JsonObject checked(JsonObject told) {
    List<JsonObject> rows = rows(told).toList();
    rows.forEach(LatestRequests::at);
    if (rows.size() > MOST) {
      throw new IllegalArgumentException(
          "requests: %d (expected: at most %d)".formatted(rows.size(), MOST));
    }
    return told;
  }

  /** Both together, and no more than so many. */
  public static JsonObject joined(JsonObject one, JsonObject other, int most) {
    List<JsonObject> all =
        Stream.concat(rows(one), rows(other))
            .sorted(NEWEST_FIRST)
            .limit(most)
            .collect(Collectors.toList());
    return new JsonObject().put(ROWS, new JsonArray(all));
  }

  private static Stream<JsonObject> rows(JsonObject of) {
    return of.getJsonArray(ROWS).stream().map(JsonObject.class::cast);
  }

  private static Instant at(JsonObject row) {
    return Instant.parse(row.getString("at"));
  }
}
