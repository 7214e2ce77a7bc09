package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.stages;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar over kills, restarts, a shared directory and a directory that fails. */
@Tag("long")
class DurableRolloutIT {
  @TempDir private Path temporary;

  private Vertx vertx;
  private FaultyUpstream foundry;
  private FaultyUpstream legacy;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterEach
  void stop() {
    RunningProxy.await(vertx.close());
  }

  private Path dir() {
    return temporary.resolve("state");
  }

  private RolloutProcess proxy(JsonObject changes, String... environment) throws Exception {
    Map<String, String> variables =
        environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]);
    return RolloutProcess.start(variables, foundry.url(), legacy.url(), dir(), changes);
  }

  @Test
  void climbsRollsBackAndRemembersItOverAKill() throws Exception {
    String epoch;
    try (RolloutProcess proxy = proxy(stages("1s"))) {
      proxy.done("start");
      proxy.until(percentage(50), () -> proxy.posts(20));
      proxy.until(percentage(100), () -> proxy.posts(20));
      RunningProxy.await(foundry.become(new Status(500, Map.of(), "no")));
      JsonObject back =
          proxy.until(state -> state.getString("phase").equals("rollback"), proxy::post);
      epoch = back.getString("epoch");
      proxy.awaitOutput("ROLLBACK canary foundry 100 % -> 0 %");
      // The marker follows the snapshot within the time of a few writes.
      Path marker = dir().resolve("rollback-" + epoch);
      proxy.waitUntil(state -> Files.exists(marker));
      proxy.kill();
    }
    RunningProxy.await(foundry.become(Plain.NONE));
    try (RolloutProcess again = proxy(stages("1s"), "AI_CANARY_PERCENTAGE", "10")) {
      JsonObject state = again.state();
      assertThat(state.getString("phase")).isEqualTo("rollback");
      assertThat(state.getInteger("percentage")).isZero();
      assertThat(state.getString("epoch")).isEqualTo(epoch);
      assertThat(again.post().headers().firstValue("X-AI-Provider")).contains("legacy");
      assertThat(again.done("start").getInteger("percentage")).isEqualTo(10);
    }
  }

  @Test
  void goesOnWhereItWasAfterAKill() throws Exception {
    try (RolloutProcess proxy = proxy(stages("1h"))) {
      proxy.done("start");
      JsonObject before = proxy.done("advance");
      proxy.kill();
      try (RolloutProcess again = proxy(stages("1h"))) {
        JsonObject after = again.state();
        for (String field : new String[] {"phase", "percentage", "epoch", "stage", "startedAt"}) {
          assertThat(after.getValue(field)).as(field).isEqualTo(before.getValue(field));
        }
        again.awaitOutput("Mode canary: canary_50 at 50 %");
      }
    }
  }

  @Test
  void anExplicitShareActsOnlyWhenItHasChangedSinceTheLastStart() throws Exception {
    try (RolloutProcess first = proxy(stages("1h"), "AI_CANARY_PERCENTAGE", "10")) {
      assertThat(first.state().getInteger("percentage")).isEqualTo(10);
      assertThat(first.set(5).statusCode()).isEqualTo(200);
      first.terminate();
    }
    try (RolloutProcess same = proxy(stages("1h"), "AI_CANARY_PERCENTAGE", "10")) {
      assertThat(same.state().getInteger("percentage")).as("durable state wins").isEqualTo(5);
      same.terminate();
    }
    try (RolloutProcess other = proxy(stages("1h"), "AI_CANARY_PERCENTAGE", "20")) {
      JsonObject state = other.waitUntil(percentage(20));
      assertThat(state.getBoolean("manual")).isTrue();
      assertThat(other.done("advance").getInteger("percentage")).isEqualTo(50);
      other.terminate();
    }
    try (RolloutProcess past = proxy(stages("1h"), "AI_CANARY_PERCENTAGE", "30")) {
      assertThat(past.state().getInteger("percentage")).as("the first stage's").isEqualTo(50);
      past.awaitOutput("it is that of canary_10, and the rollout stays canary_50 at 50 %");
    }
  }

  @Test
  void aRollingRestartOfTwoProcessesLosesNothingAndNeverHasTwoLeaders() throws Exception {
    try (RolloutProcess first = proxy(stages("1h"))) {
      first.done("start");
      try (RolloutProcess second = proxy(stages("1h"))) {
        second.waitUntil(percentage(10));
        HttpResponse<String> refused = second.command("advance");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("another replica leads");
        first.done("advance");
        second.waitUntil(percentage(50));
        first.terminate();
        second.waitUntil(state -> second.command("pause").statusCode() == 200);
        JsonObject led = second.done("resume");
        assertThat(led.getInteger("percentage")).isEqualTo(50);
        assertThat(led.getString("epoch")).startsWith("1-");
      }
    }
  }

  @Test
  void aFollowersRollbackIsInForceAtTheLeaderSoonAndForGood() throws Exception {
    try (RolloutProcess first = proxy(stages("1h"));
        RolloutProcess second = proxy(stages("1h"))) {
      first.done("start");
      second.waitUntil(percentage(10));
      assertThat(second.done("rollback").getString("phase")).isEqualTo("rollback");
      JsonObject state = first.waitUntil(each -> each.getString("phase").equals("rollback"));
      assertThat(state.getString("reason")).contains("ROLLBACK canary foundry 10 % -> 0 %");
    }
  }

  @Test
  void whoTakesOverFromADamagedStateSendsNothingToFoundry() throws Exception {
    try (RolloutProcess first = proxy(stages("1h"))) {
      first.done("start");
      try (RolloutProcess second = proxy(stages("1h"))) {
        second.waitUntil(percentage(10));
        damage(dir().resolve("state.json"));
        second.awaitOutput("its checksum does not match; what was read last stays in force");
        first.kill();
        JsonObject state = second.waitUntil(percentage(0));
        assertThat(state.getString("phase")).isEqualTo("rollback");
        second.awaitOutput("its checksum does not match; everything goes to legacy until");
        assertThat(second.done("start").getInteger("percentage")).isEqualTo(10);
      }
    }
  }

  @Test
  void theTimeOfHealthGoesOnAfterAnOrderlyRestart() throws Exception {
    long healthy;
    try (RolloutProcess proxy = proxy(stages("1h"))) {
      proxy.done("start");
      healthy =
          proxy
              .until(state -> state.getLong("healthyDuration") >= 2, () -> proxy.posts(10))
              .getLong("healthyDuration");
      proxy.terminate();
    }
    try (RolloutProcess again = proxy(stages("1h"))) {
      assertThat(again.state().getLong("healthyDuration")).isGreaterThanOrEqualTo(healthy);
      again.waitUntil(
          state ->
              again
                      .get("/api/v1/metrics")
                      .getJsonObject("foundryTotals")
                      .getJsonObject("all")
                      .getLong("settled")
                  >= 20);
    }
  }

  @Test
  void aDirectoryThatIsGoneRefusesPromotionsLetsRollbacksHappenAndIsShouted() throws Exception {
    try (RolloutProcess proxy = proxy(stages("1h"))) {
      proxy.done("start");
      delete(dir());
      HttpResponse<String> refused = proxy.command("advance");
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
      assertThat(refused.body()).contains("advance: not written, so not done: state.dir");
      assertThat(proxy.command("advance").body()).contains("the state cannot be written");
      HttpResponse<String> rollback = proxy.command("rollback");
      assertThat(rollback.statusCode()).isEqualTo(503);
      assertThat(rollback.body())
          .contains("the rollback is in force, but could not be made durable");
      assertThat(proxy.state().getString("phase")).isEqualTo("rollback");
      proxy.awaitOutput("the state cannot be written: state.dir");
      Files.createDirectory(dir());
      proxy.waitUntil(state -> proxy.command("rollback").statusCode() == 200);
      proxy.kill();
    }
    try (RolloutProcess again = proxy(stages("1h"))) {
      assertThat(again.state().getString("phase")).isEqualTo("rollback");
    }
  }

  private static void delete(Path dir) throws Exception {
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.delete(dir);
  }

  /** Flips one bit. */
  private static void damage(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);
  }

  @Test
  void aDamagedStateSendsNothingToFoundryUntilAPersonStartsAnew() throws Exception {
    try (RolloutProcess proxy = proxy(stages("1h"))) {
      proxy.done("start");
      proxy.kill();
    }
    damage(dir().resolve("state.json"));
    for (int restart = 0; restart < 2; restart++) {
      try (RolloutProcess again = proxy(stages("1h"), "AI_CANARY_PERCENTAGE", "10")) {
        assertThat(again.state().getInteger("percentage")).isZero();
        assertThat(again.state().getString("reason")).contains("the state cannot be read");
        if (restart == 0) {
          again.awaitOutput("its checksum does not match; everything goes to legacy until");
          again.waitUntil(each -> Files.exists(dir().resolve("state.damaged.json")));
        } else {
          assertThat(again.done("start").getInteger("percentage")).isEqualTo(10);
        }
        again.kill();
      }
    }
  }
}
