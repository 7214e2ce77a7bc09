package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A part of the traffic that fails at Foundry, while the whole is under every limit. */
@Tag("long")
@ParameterizedClass
@EnumSource(Wire.class)
class SegmentsIT {
  private static final int USERS = 80;

  @Parameter Wire wire;

  /** One in thirty requests names a model that fails at Foundry: 3.3 % of errors are healthy. */
  @Test
  void aModelThatAlwaysFailsAtFoundryIsToldByName() {
    Status broken = new Status(500, Map.of(), "no");
    try (JudgedProxy canary = new JudgedProxy(wire, "60s", new JsonObject())) {
      canary.command("start");
      canary.foundry().become(id -> id.endsWith("sick") ? broken : Plain.NONE);
      int[] sent = {0};
      String told = "errors by user in model sick: 100.0 % (";
      JsonObject held =
          canary.until(
              state -> canary.lastHealth().getString("sentence").contains(told),
              () -> chat(canary, sent[0]++));
      assertThat(canary.alerts()).anyMatch(alert -> alert.contains("model sick"));
      assertThat(held.getString("phase")).isEqualTo("canary_10");
      JsonObject health = canary.lastHealth();
      assertThat(health.getString("verdict")).isEqualTo("alert");
      assertThat(health.getString("sentence"))
          .contains(told, " against legacy's 0.0 % (0 of ")
          .containsPattern(
              "; the last \\d+ failures: \\d+ answers 500, of \\d+ users; \\d+ of them are model sick");
      JsonObject segments = health.getJsonObject("segments");
      assertThat(segments.getInteger("compared")).as("the others are nearly all").isEqualTo(1);
      JsonObject worst = segments.getJsonArray("rows").getJsonObject(0);
      assertThat(worst.getString("kind")).isEqualTo("model");
      assertThat(worst.getString("name")).isEqualTo("sick");
      assertThat(worst.getString("state")).isEqualTo("over");
    }
  }

  private static void chat(JudgedProxy canary, int i) {
    String model = i % 30 == 0 ? "sick" : "well";
    // Each user names either model in his turn.
    int user = (7 * i + i / 30) % USERS;
    canary.chat(
        model,
        "Content-Type",
        "application/json",
        "X-User-ID",
        "user-" + user,
        "X-Correlation-ID",
        i + "-" + model);
  }
}
