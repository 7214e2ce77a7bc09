package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.JudgedProxy.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The objections of a cluster's members to a promotion, as the rollout takes them. */
class FleetHoldIT {
  @TempDir private Path folder;

  @Test
  void nothingIsPromotedUntilTheMembersHaveNothingAgainstIt() throws Exception {
    try (JudgedProxy canary = new JudgedProxy("300ms", Fleet.alone(folder))) {
      hold(canary, "the rows of 2 of 3 replicas (b gone for 9 s)");
      canary.command("start");
      JsonObject held =
          canary.postUntil(
              state -> state.getString("next").contains("the rows of 2 of 3 replicas (b gone"));
      assertThat(held.getString("phase")).isEqualTo("canary_10");
      for (int i = 0; i < 60; i++) {
        canary.proxy().post("/route", "{\"prompt\":\"more %d\"}".formatted(i));
      }
      Waits.until(
          () -> canary.state().getJsonObject("metrics").getJsonObject("foundry"),
          foundry -> foundry.getLong("requestCount") >= 20);
      JsonObject waiting = canary.state();
      assertThat(waiting.getString("phase")).isEqualTo("canary_10");
      // It is healthy all the time, and says wherever people look what it waits for.
      JsonObject health =
          new JsonObject(canary.proxy().admin("GET", "/api/v1/metrics", null).body());
      assertThat(health.getString("verdict")).isEqualTo("healthy");
      assertThat(health.getJsonObject("promotion").getBoolean("ready")).isFalse();
      assertThat(health.getJsonObject("promotion").getJsonArray("missing"))
          .contains("the rows of 2 of 3 replicas (b gone for 9 s)");
      hold(canary, "");
      canary.postUntil(phase("canary_50"));
    }
  }

  private static void hold(JudgedProxy canary, String sentence) {
    canary
        .proxy()
        .vertx()
        .eventBus()
        .publish(FleetAddresses.HOLD, new JsonObject().put("sentence", sentence));
  }
}
