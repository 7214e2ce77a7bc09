package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Fixtures;
import com.huntaze.rollout.Shape;
import com.huntaze.rollout.Waits;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Verticles that were written for an old version are understood: bodies of theirs, sent today. */
class OldBodiesIT {
  private static final int MALFORMED = 400;
  private static RunningProxy proxy;

  @BeforeAll
  static void start() {
    JsonObject simulate =
        new JsonObject().put("foundryPort", 0).put("legacyPort", 0).put("requestsPerSecond", 20);
    proxy =
        RunningProxy.start(
            RolloutProcess.stages("1h")
                .put("prices", "conf/prices.json")
                .put("simulate", simulate));
    // Before the first verdict there are no fields.
    Waits.until(() -> !topFields((JsonObject) ask("rollout.health.get", null)).isEmpty());
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  static Stream<Path> asked() {
    return Fixtures.versions().stream()
        .flatMap(version -> Fixtures.list(version.resolve("bus/asked")).stream());
  }

  private static String address(Path file) {
    return file.getFileName().toString().replace(".json", "");
  }

  private static Object ask(String address, Object body) {
    return RunningProxy.await(
        proxy
            .vertx()
            .eventBus()
            .request(address, body)
            .map(reply -> (Object) new JsonObject().put("reply", reply.body()))
            .recover(
                failure ->
                    failure instanceof ReplyException refused && refused.failureCode() > 0
                        ? io.vertx.core.Future.succeededFuture(
                            new JsonObject().put("code", refused.failureCode()))
                        : io.vertx.core.Future.failedFuture(failure)));
  }

  @ParameterizedTest
  @MethodSource("asked")
  void whatWasUnderstoodIsUnderstood(Path file) {
    for (JsonObject kept : Fixtures.objects(file)) {
      JsonObject answer = (JsonObject) ask(address(file), kept.getValue("request"));
      boolean malformed = kept.getInteger("code", 0) == MALFORMED;
      assertThat(answer.getInteger("code", 0) == MALFORMED)
          .as("%s is malformed: %s", kept.getValue("request"), answer)
          .isEqualTo(malformed);
      if (kept.containsKey("reply") && answer.containsKey("reply")) {
        JsonObject then = new JsonObject().put("reply", kept.getValue("reply"));
        assertThat(topFields(answer))
            .as("%s", kept.getValue("request"))
            .containsAll(topFields(then));
      }
    }
  }

  /** The fields that do not depend on what has happened so far; the rest has RecordingIT. */
  private static TreeSet<String> topFields(JsonObject answer) {
    Object reply = answer.getValue("reply");
    if (reply instanceof JsonObject object && !object.containsKey("counted")) {
      return new TreeSet<>(object.fieldNames());
    }
    return new TreeSet<>();
  }

  @Test
  void alertsOfAnOldVersionAreDelivered() {
    List<JsonObject> alerts =
        Fixtures.versions().stream()
            .flatMap(
                version ->
                    Fixtures.objects(version.resolve("bus/published/rollout.alert.json")).stream())
            .toList();
    assertThat(alerts).hasSizeGreaterThan(3);
    alerts.forEach(alert -> proxy.vertx().eventBus().publish("rollout.alert", alert));
    List<String> expected = alerts.stream().map(alert -> alert.getString("sentence")).toList();
    Waits.until(() -> sentences().containsAll(expected));
    JsonObject latest = ((JsonObject) ask("rollout.alerts.get", null)).getJsonObject("reply");
    JsonArray now = latest.getJsonArray("alerts");
    assertThat(Shape.of(now).losses(Shape.of(alerts))).isEmpty();
  }

  private static List<String> sentences() {
    JsonObject reply = ((JsonObject) ask("rollout.alerts.get", null)).getJsonObject("reply");
    return reply.getJsonArray("alerts").stream()
        .map(alert -> ((JsonObject) alert).getString("sentence"))
        .collect(Collectors.toList());
  }
}
