package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A limit that is only watched: what it would have done is told once, and stays. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class DryRunIT {
  private static final String TOLD = "dry_run: Dry run: would have rolled back at ";

  @TempDir private Path dir;

  @Parameter Wire wire;

  private static JsonObject action(String action) {
    return new JsonObject().put("action", action);
  }

  private JsonObject watched() {
    JsonObject foundry =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    JsonObject health =
        new JsonObject()
            .put("errorRate", action("observe"))
            .put("latencyP95", action("observe"))
            .put("baseline", action("observe"));
    return JudgedProxy.in(dir)
        .put("health", health)
        .put("providers", new JsonObject().put("foundry", foundry));
  }

  @Test
  void whatItWouldHaveDoneIsToldOnceAndStaysOverARestart() {
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", watched())) {
      canary.command("start");
      canary.foundry().become(id -> new Status(500, Map.of(), "no"));
      // Paced, so that the breaker does not open before a busy machine's judge has looked.
      canary.until(
          state -> !told(canary, "(SEQ; ").isEmpty(),
          () -> {
            canary.posts(1);
            Waits.pause(Duration.ofMillis(10));
          });
      canary.posts(100);
      assertThat(canary.state().getString("phase")).isEqualTo("canary_10");
      assertThat(told(canary, "(SEQ; health.errorRate.action is observe)")).hasSize(1);
      JsonObject before = wouldHave(canary);
      assertThat(before.getString("rule")).isEqualTo("seq");
      assertThat(before.getString("action")).isEqualTo("rollback");
      assertThat(before.getString("sentence"))
          .startsWith("would have rolled back at " + before.getString("at") + ": error rate ");
      canary.restart(new JsonObject());
      canary.waitUntil(state -> !canary.lastHealth().isEmpty());
      assertThat(wouldHave(canary)).isEqualTo(before);
      canary.posts(100);
      assertThat(told(canary, "(SEQ; health.errorRate")).as("also after a restart").hasSize(1);
      // Who gets nothing would not have lost it; the evidence is the rollout's, and is still there.
      String rolledBack = canary.command("rollback").getString("epoch");
      canary.waitUntil(
          state ->
              canary.lastHealth().getInteger("stage") < 0
                  && canary.lastHealth().getString("epoch").equals(rolledBack));
      canary.posts(20);
      assertThat(wouldHave(canary)).isEqualTo(before);
    }
  }

  private static List<String> told(JudgedProxy canary, String why) {
    return canary.alerts().stream()
        .filter(alert -> alert.startsWith(TOLD) && alert.contains(why))
        .toList();
  }

  private static JsonObject wouldHave(JudgedProxy canary) {
    JsonArray noted = rows(canary.lastHealth(), "error_rate");
    assertThat(noted).hasSize(1);
    return noted.getJsonObject(0);
  }

  private static JsonArray rows(JsonObject health, String metric) {
    return health.getJsonArray("metrics").stream()
        .map(JsonObject.class::cast)
        .filter(row -> row.getString("metric").equals(metric))
        .findFirst()
        .orElseThrow()
        .getJsonArray("wouldHave");
  }
}
