package com.huntaze.rollout.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.huntaze.rollout.history.Figures;
import com.huntaze.rollout.history.HistoryPoints;
import com.huntaze.rollout.history.HistoryRow;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The history of leaders that came after one another, each with files of its own. */
class FleetHistoryTest {
  private static final long FROM = 1_796_000_000_000L;
  private static final HistoryRequest ASKED =
      HistoryRequest.read(
          new JsonObject()
              .put("from", "2026-11-30T00:53:20Z")
              .put("to", "2026-11-30T01:53:20Z")
              .put("points", 60),
          0);

  private static HistoryRow row(int second) {
    Figures some = new Figures(second % 7, 1 - second % 3 / 10.0, 100 + second, 5, 0, 0.25);
    Figures unknown = second % 2 == 0 ? Figures.UNKNOWN : some;
    String verdict = second % 100 == 0 ? "hold" : "healthy";
    return new HistoryRow(FROM + 1_000L * second, second % 100, verdict, some, unknown);
  }

  private static KeptHistory kept(int fromSecond, int toSecond) {
    HistoryPoints points = KeptHistory.none(ASKED).points();
    for (int second = fromSecond; second < toSecond; second += 5) {
      points.add(row(second));
    }
    return new KeptHistory(ASKED, points, 1);
  }

  private static JsonObject told(KeptHistory kept) {
    return new JsonObject(HistoryJson.forAnother(kept).encode());
  }

  /** A leader is followed in the middle of a point: its mean is that of all rows. */
  @Test
  void leadersThatCameAfterOneAnotherAreOneHistory() {
    KeptHistory all = kept(0, 3_600);
    KeptHistory second = HistoryJson.readOfOthers(ASKED, told(kept(1_330, 2_000)));
    KeptHistory third = HistoryJson.readOfOthers(ASKED, told(kept(2_000, 3_600)));
    KeptHistory sum = kept(0, 1_330).plus(second).plus(third);
    JsonObject one = HistoryJson.answer(sum);
    assertThat(one.getLong("damaged")).isEqualTo(3);
    assertThat(one.getLong("rows")).isEqualTo(720);
    JsonObject whole = HistoryJson.answer(all);
    assertThat(one.getJsonArray("points")).hasSize(60);
    for (int i = 0; i < 60; i++) {
      JsonObject point = one.getJsonArray("points").getJsonObject(i);
      JsonObject wanted = whole.getJsonArray("points").getJsonObject(i);
      assertThat(point.getString("at")).isEqualTo(wanted.getString("at"));
      assertThat(point.getString("verdict")).isEqualTo(wanted.getString("verdict"));
      assertThat(point.getInteger("percentage")).isEqualTo(wanted.getInteger("percentage"));
      JsonObject foundry = point.getJsonObject("foundry");
      wanted
          .getJsonObject("foundry")
          .forEach(
              each ->
                  assertThat(foundry.getDouble(each.getKey()))
                      .as(each.getKey())
                      .isCloseTo(((Number) each.getValue()).doubleValue(), within(1e-9)));
    }
    assertThat(HistoryRequest.read(ASKED.query(), 0)).isEqualTo(ASKED);
  }

  static Stream<Consumer<JsonObject>> lies() {
    return Stream.of(
        told -> told.remove("points"),
        told -> told.put("damaged", -1),
        told -> first(told).put("percentage", 101),
        told -> first(told).put("verdict", "<b>"),
        told -> first(told).put("rows", 0),
        told -> first(told).put("rows", 1_000_001),
        told -> first(told).put("at", "yesterday"),
        told -> first(told).remove("legacy"),
        told -> first(told).getJsonObject("foundry").put("rate", -1),
        told -> first(told).getJsonObject("foundry").put("p95", 1e13),
        told -> {
          for (int i = 0; i < 60; i++) {
            told.getJsonArray("points").add(first(told).copy());
          }
        });
  }

  private static JsonObject first(JsonObject told) {
    return told.getJsonArray("points").getJsonObject(0);
  }

  @ParameterizedTest
  @MethodSource("lies")
  void whatCannotBeTrueIsRefused(Consumer<JsonObject> lie) {
    JsonObject told = told(kept(0, 600));
    assertThat(HistoryJson.readOfOthers(ASKED, told).points().rows()).isEqualTo(120);
    lie.accept(told);
    assertThatThrownBy(() -> HistoryJson.readOfOthers(ASKED, told))
        .isInstanceOf(RuntimeException.class);
  }
}
