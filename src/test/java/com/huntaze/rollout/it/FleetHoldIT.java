package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.JudgedProxy.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.FleetAddresses;
import com.huntaze.rollout.judge.fleet.SlotClaims;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

  /** However seldom is judged: the leader grants a slot to the first who asks for it. */
  @Test
  void outcomesOfTheBusClaimTheirSlotsAtOnce() throws Exception {
    JsonObject seldom = new JsonObject().put("health", new JsonObject().put("evaluateEvery", "1m"));
    try (JudgedProxy canary = new JudgedProxy("1h", Fleet.alone(folder).mergeIn(seldom, true))) {
      List<SlotClaims> claimed = new CopyOnWriteArrayList<>();
      canary
          .proxy()
          .vertx()
          .eventBus()
          .<SlotClaims>localConsumer(FleetAddresses.SLOTS, told -> claimed.add(told.body()));
      JsonObject outcome =
          new JsonObject()
              .put("provider", "foundry")
              .put("success", false)
              .put("latencyMillis", 5)
              .put("key", "alice")
              .put("epoch", canary.state().getString("epoch"))
              .put("stage", canary.state().getInteger("stage"));
      long began = System.nanoTime();
      RunningProxy.await(
          canary.proxy().vertx().eventBus().request(CanaryAddresses.OUTCOME, outcome));
      Waits.until(() -> !claimed.isEmpty());
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isLessThan(Waits.bound(Duration.ofSeconds(3)));
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
