package com.huntaze.rollout.store;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.bus.FleetFigures;
import com.huntaze.rollout.history.HistoryPoints;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;

/**
 * A span of time that the history is asked for: {@code {"from": …, "to": …, "points": 500}}.
 *
 * @param ownAlone whether what this replica has kept is wanted, where it is one of several
 */
record HistoryRequest(long from, long to, int points, boolean ownAlone) {
  private static final long HOUR_MILLIS = 3_600_000;

  /**
   * Reads one; without {@code to} it ends now, without {@code from} it is an hour.
   *
   * @param body {@code null} = the last hour
   * @throws IllegalArgumentException with a sentence for the sender
   */
  static HistoryRequest read(Object body, long now) {
    if (body == null) {
      return new HistoryRequest(now - HOUR_MILLIS, now, HistoryPoints.MOST, false);
    }
    if (!(body instanceof JsonObject request)) {
      throw new IllegalArgumentException(
          "body: %s (expected: an object with from, to and points)".formatted(Bodies.shown(body)));
    }
    Bodies.known(request, Set.of("version", "from", "to", "points", "scope"));
    long to = time(request, "to", now);
    long from = time(request, "from", to - HOUR_MILLIS);
    if (from >= to) {
      throw new IllegalArgumentException(
          "from: %s (expected: a time before %s, the end)"
              .formatted(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to)));
    }
    boolean ownAlone = FleetFigures.ownAlone(request.getValue("scope"));
    return new HistoryRequest(from, to, points(request.getValue("points")), ownAlone);
  }

  /** The same question, for others: whatever their clocks say, the span is the same. */
  JsonObject query() {
    return new JsonObject()
        .put("from", Instant.ofEpochMilli(from).toString())
        .put("to", Instant.ofEpochMilli(to).toString())
        .put("points", points);
  }

  private static long time(JsonObject request, String field, long otherwise) {
    Object told = request.getValue(field);
    if (told == null) {
      return otherwise;
    }
    try {
      long millis = Instant.parse(String.valueOf(told)).toEpochMilli();
      if (millis < 0) {
        throw new DateTimeException("before 1970");
      }
      return millis;
    } catch (DateTimeException | ArithmeticException other) {
      throw new IllegalArgumentException(
          "%s: %s (expected: a time such as 2026-11-24T16:00:00Z)"
              .formatted(field, Bodies.shown(told)));
    }
  }

  private static int points(Object told) {
    if (told == null) {
      return HistoryPoints.MOST;
    }
    if (told instanceof Integer points && points >= 1 && points <= HistoryPoints.MOST) {
      return points;
    }
    throw new IllegalArgumentException(
        "points: %s (expected: 1 to %d)"
            .formatted(told instanceof Number ? told : Bodies.shown(told), HistoryPoints.MOST));
  }
}
