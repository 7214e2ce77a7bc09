package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Fixtures;
import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A rollout that an old version has left goes on where it was, and one rolled back stays so. */
class OldStateIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final List<String> DIMENSIONS =
      List.of("model", "agent", "tier", "provider", "key");

  @TempDir private Path temporary;

  static Stream<Path> states() {
    return Fixtures.states();
  }

  static Stream<Path> rolledBack() {
    return Fixtures.states().filter(OldStateIT::isRolledBack);
  }

  private static boolean isRolledBack(Path state) {
    return told(state).getJsonObject("state").getString("phase").equals("rollback");
  }

  /** The words of the old version before it stopped. */
  private static JsonObject told(Path state) {
    return Fixtures.object(state.resolveSibling(state.getFileName() + ".json"));
  }

  private static RunningProxy start(JsonArray stages, Path dir) {
    JsonArray ladder = new JsonArray();
    stages.stream()
        .map(JsonObject.class::cast)
        .map(
            stage ->
                new JsonObject()
                    .put("phase", stage.getString("phase"))
                    .put("percentage", stage.getInteger("percentage")))
        .forEach(
            stage ->
                ladder.add(
                    stage.getInteger("percentage") == 100 ? stage : stage.put("bake", "1h")));
    JsonObject promote = new JsonObject().put("minRequests", 20);
    JsonObject settings =
        RunningProxy.before("canary", UNUSED, UNUSED)
            .put("canary", new JsonObject().put("stages", ladder).put("promote", promote))
            .put("health", new JsonObject().put("evaluateEvery", "100ms"))
            .put("prices", "conf/prices.json")
            .put("state", new JsonObject().put("dir", dir.toString()));
    return RunningProxy.start(settings);
  }

  private static JsonObject state(RunningProxy proxy) {
    return ask(proxy, "rollout.canary.get");
  }

  private static JsonObject ask(RunningProxy proxy, String address) {
    return RunningProxy.await(proxy.vertx().eventBus().<JsonObject>request(address, null)).body();
  }

  @ParameterizedTest
  @MethodSource("states")
  void goesOnWhereItWas(Path state) throws IOException {
    JsonObject before = told(state).getJsonObject("state");
    Path dir = Fixtures.copy(state, temporary.resolve("state"));
    try (RunningProxy proxy = start(before.getJsonArray("stages"), dir)) {
      JsonObject now = state(proxy);
      for (String field :
          List.of("phase", "percentage", "epoch", "stage", "paused", "manual", "startedAt")) {
        assertThat(now.getValue(field)).as(field).isEqualTo(before.getValue(field));
      }
      Waits.until(() -> ask(proxy, "rollout.health.get").containsKey("verdict"));
      JsonObject totals = ask(proxy, "rollout.health.get").getJsonObject("foundryTotals");
      assertThat(known(totals, told(state).getJsonObject("foundryTotals")))
          .as("the judge's")
          .isEqualTo(told(state).getJsonObject("foundryTotals"));
      JsonObject error =
          ask(proxy, "rollout.health.get").getJsonObject("sequential").getJsonObject("error");
      assertThat(error.getLong("samples")).as("evidence, which begins anew").isZero();
      assertThat(state(proxy).getLong("healthyDuration"))
          .isGreaterThanOrEqualTo(before.getLong("healthyDuration"));
    }
  }

  /** The fields that the old version told, too. */
  private static JsonObject known(JsonObject now, JsonObject then) {
    JsonObject known = new JsonObject();
    for (String field : then.fieldNames()) {
      known.put(
          field,
          then.getValue(field) instanceof JsonObject inner
              ? known(now.getJsonObject(field), inner)
              : now.getValue(field));
    }
    return known;
  }

  @ParameterizedTest
  @MethodSource("states")
  void theBooksHaveTheSameSums(Path state) throws IOException {
    JsonObject before = told(state);
    Path dir = Fixtures.copy(state, temporary.resolve("state"));
    try (RunningProxy proxy = start(before.getJsonObject("state").getJsonArray("stages"), dir)) {
      for (String by : DIMENSIONS) {
        JsonObject now = new JsonObject(proxy.admin("GET", "/api/v1/costs?by=" + by, null).body());
        assertThat(now.getJsonObject("total"))
            .as(by)
            .isEqualTo(before.getJsonObject("costs-" + by).getJsonObject("total"));
        assertThat(now).as(by).isEqualTo(before.getJsonObject("costs-" + by));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rolledBack")
  void aRollbackStandsUntilSomebodyStartsAnew(Path state) throws IOException {
    Path dir = Fixtures.copy(state, temporary.resolve("state"));
    JsonArray stages = told(state).getJsonObject("state").getJsonArray("stages");
    try (RunningProxy proxy = start(stages, dir)) {
      assertRolledBack(proxy);
      assertThat(proxy.admin("GET", "/api/v1/rollbacks", null).body()).contains("\"rollback\"");
    }
    // Again, by what the version of today has made of it.
    try (RunningProxy proxy = start(stages, dir)) {
      assertRolledBack(proxy);
      HttpResponse<String> begun = proxy.admin("POST", "/api/v1/canary/start", null);
      assertThat(begun.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(begun.body()).getString("epoch")).startsWith("2-");
    }
  }

  @ParameterizedTest
  @MethodSource("rolledBack")
  void theMarkerAloneIsEnough(Path state) throws IOException {
    Path dir = Fixtures.copy(state, temporary.resolve("state"));
    // The state before the rollback: only the marker knows of it.
    Files.delete(dir.resolve("state.json"));
    Files.move(dir.resolve("state.previous.json"), dir.resolve("state.json"));
    try (RunningProxy proxy =
        start(told(state).getJsonObject("state").getJsonArray("stages"), dir)) {
      assertRolledBack(proxy);
    }
  }

  private static void assertRolledBack(RunningProxy proxy) throws IOException {
    JsonObject now = state(proxy);
    assertThat(now.getString("phase")).isEqualTo("rollback");
    assertThat(now.getInteger("percentage")).isZero();
    for (String command : List.of("advance", "resume")) {
      assertThat(proxy.admin("POST", "/api/v1/canary/" + command, null).statusCode())
          .as(command.toLowerCase(Locale.ROOT))
          .isEqualTo(409);
    }
  }
}
