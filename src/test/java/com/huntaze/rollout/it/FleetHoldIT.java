package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.JudgedProxy.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.FleetAddresses;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objections of the members of a cluster to a promotion, as the rollout takes them. */
class FleetHoldIT {
  @TempDir private Path folder;

  @Test
  void nothingIsPromotedUntilTheMembersHaveNothingAgainstIt() throws Exception {
    try (JudgedProxy canary = new JudgedProxy("300ms", Fleet.alone(folder))) {
      hold(canary, "the rows of 2 of 3 replicas are missing (b gone for 9 s)");
      canary.command("start");
      JsonObject held =
          canary.postUntil(
              state -> state.getString("next").contains("now held: the rows of 2 of 3 replicas"));
      assertThat(held.getString("phase")).isEqualTo("canary_10");
      for (int i = 0; i < 60; i++) {
        canary.proxy().post("/route", "{\"prompt\":\"more %d\"}".formatted(i));
      }
      Waits.until(
          () -> canary.state().getJsonObject("metrics").getJsonObject("foundry"),
          foundry -> foundry.getLong("requestCount") >= 20);
      assertThat(canary.state().getString("phase")).isEqualTo("canary_10");
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
