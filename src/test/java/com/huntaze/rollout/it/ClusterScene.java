package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.Alert.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Two replicas of which one has another configuration, and then stands still; then the one that
 * leads ends.
 */
final class ClusterScene extends Scene {
  private final int first = FreePorts.next();
  private final int second = FreePorts.next();

  @Override
  Set<Kind> kinds() {
    return EnumSet.of(
        Kind.CONFIGURATION_DRIFT,
        Kind.CONFIGURATION_DRIFT_OVER,
        Kind.CLUSTER_PARTED,
        Kind.CLUSTER_PARTED_OVER,
        Kind.LEADERSHIP);
  }

  private JsonObject member(int port, Path state, RawOrigin foundry, RawOrigin legacy) {
    JsonArray all = new JsonArray().add("127.0.0.1:" + first).add("127.0.0.1:" + second);
    return RunningProxy.before("canary", foundry.url(), legacy.url())
        .put("state", new JsonObject().put("dir", state.toString()))
        .put(
            "cluster",
            new JsonObject()
                .put("port", port)
                .put("discovery", new JsonObject().put("static", all)));
  }

  @Override
  void play(Path folder, Map<Kind, CompletableFuture<Void>> walked) throws Exception {
    Path state = folder.resolve("state");
    try (Pager pager = new Pager();
        RawOrigin foundry = new RawOrigin(Scene::good);
        RawOrigin legacy = new RawOrigin(Scene::good);
        WalkedProxy leader =
            WalkedProxy.start(
                folder.resolve("first"),
                Map.of(),
                pager,
                null,
                member(first, state, foundry, legacy))) {
      JsonObject drifted =
          member(second, state, foundry, legacy)
              .put(
                  "health", new JsonObject().put("errorRate", new JsonObject().put("limit", 0.06)));
      try (WalkedProxy other =
          WalkedProxy.start(
              folder.resolve("second"), Map.of(), pager, leader.dashboard(), drifted)) {
        Walk walk = new Walk(pager, leader.dashboard(), Map.of(), walked);
        walk.of(Kind.CONFIGURATION_DRIFT, () -> drift(walk, pager));
        walk.of(
            Kind.CONFIGURATION_DRIFT_OVER,
            () -> {
              JsonObject same = other.settings();
              same.remove("health");
              other.write(same);
              pager.awaitResolved(Kind.CONFIGURATION_DRIFT);
              assertThat(walk.read(Kind.CONFIGURATION_DRIFT_OVER).getString("sentence"))
                  .contains("the same configuration again");
            });
        walk.of(Kind.CLUSTER_PARTED, () -> parted(walk, pager, other));
        walk.of(
            Kind.CLUSTER_PARTED_OVER,
            () -> {
              other.process().signal("CONT");
              pager.awaitResolved(Kind.CLUSTER_PARTED);
              assertThat(walk.read(Kind.CLUSTER_PARTED_OVER).getString("sentence"))
                  .contains("All replicas of the cluster are heard again");
            });
        walk.of(
            Kind.LEADERSHIP,
            () -> {
              leader.terminate();
              assertThat(walk.read(Kind.LEADERSHIP).getString("sentence"))
                  .contains("this replica leads now");
              Waits.until(() -> other.rollout().leads());
            });
      }
    }
  }

  /** One that stands still looks to the other like one that is cut off. */
  private static void parted(Walk walk, Pager pager, WalkedProxy other) throws Exception {
    String replica = other.rollout().get("/api/v1/about").getString("replica");
    other.process().signal("STOP");
    Walk.Said said = walk.follow(Kind.CLUSTER_PARTED);
    said.isOf(0, "\"missing\"", replica);
    assertThat(pager.page(Kind.CLUSTER_PARTED).getString("sentence"))
        .contains("hears 1 of 2 replicas, not " + replica);
  }

  private static void drift(Walk walk, Pager pager) throws Exception {
    Walk.Said said = walk.follow(Kind.CONFIGURATION_DRIFT);
    said.isOf(0);
    assertThat(said.text()).containsPattern("\"drift\" ?: ?true");
    assertThat(pager.page(Kind.CONFIGURATION_DRIFT).getString("sentence"))
        .contains("Configurations differ: that of replica ", "nothing is promoted meanwhile");
  }
}
