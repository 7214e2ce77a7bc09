package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RolloutProcess.percentage;
import static com.huntaze.rollout.it.RolloutProcess.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.Alert.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A rollout that lacks data, is promoted, grows slow, and fails every third request. */
final class RolloutScene extends Scene {
  private static final Pattern NUMBER = Pattern.compile("hi (\\d+) at");

  private volatile boolean slow;
  private volatile boolean fails;

  @Override
  Set<Kind> kinds() {
    return EnumSet.of(
        Kind.HOLD,
        Kind.HOLD_OVER,
        Kind.PROMOTION,
        Kind.THRESHOLD,
        Kind.THRESHOLD_OVER,
        Kind.DRY_RUN,
        Kind.CONVERSATIONS_LEFT,
        Kind.ROLLBACK,
        Kind.ROLLBACK_OVER);
  }

  private void foundry(RawOrigin.Call call) throws IOException {
    Matcher number = NUMBER.matcher(call.body());
    boolean asked = asksModel(call) && number.find();
    if (asked && fails && Integer.parseInt(number.group(1)) % 3 == 0) {
      send(call, "500 No", "{\"error\":{\"message\":\"out of memory\"}}");
      return;
    }
    if (asked && slow) {
      Waits.pause(Duration.ofMillis(400));
    }
    good(call);
  }

  /** Of the defaults only the times are others: nobody waits for a day here. */
  private static JsonObject changes(RawOrigin foundry, RawOrigin legacy) {
    JsonArray stages =
        new JsonArray()
            .add(new JsonObject().put("phase", "half").put("percentage", 50).put("bake", "1s"))
            .add(new JsonObject().put("phase", "full").put("percentage", 100));
    JsonObject health =
        new JsonObject()
            .put("noDataAfter", "2s")
            .put("latencyP95", new JsonObject().put("limit", "200ms").put("action", "alert"));
    return RunningProxy.before("canary", foundry.url(), legacy.url())
        .put("canary", new JsonObject().put("stages", stages))
        .put("health", health);
  }

  @Override
  void play(Path folder, Map<Kind, CompletableFuture<Void>> walked) throws Exception {
    try (Pager pager = new Pager();
        RawOrigin foundry = new RawOrigin(this::foundry);
        RawOrigin legacy = new RawOrigin(Scene::good);
        WalkedProxy proxy =
            WalkedProxy.start(folder, Map.of(), pager, null, changes(foundry, legacy))) {
      Walk walk = new Walk(pager, proxy.dashboard(), Map.of(), walked);
      RolloutProcess rollout = proxy.rollout();
      walk.of(
          Kind.HOLD,
          () -> {
            rollout.done("start");
            Walk.Said said = walk.follow(Kind.HOLD);
            said.isOf(0);
            assertThat(said.text())
                .contains("\"next\":\"full at 100 %")
                .contains("no observation of foundry yet");
            assertThat(pager.page(Kind.HOLD).getString("sentence")).contains("has been held for");
            rollout.until(percentage(100), () -> rollout.posts(20));
            pager.awaitResolved(Kind.HOLD);
          });
      walk.of(
          Kind.HOLD_OVER,
          () ->
              assertThat(walk.read(Kind.HOLD_OVER).getString("sentence"))
                  .startsWith("The canary is not held any more: "));
      walk.of(
          Kind.PROMOTION,
          () ->
              assertThat(walk.read(Kind.PROMOTION).getString("sentence"))
                  .startsWith("Advance canary foundry 50 % -> 100 %"));
      rollout.set(50);
      slow = true;
      rollout.until(state -> warned(pager), () -> rollout.postsAtOnce(20));
      walk.of(
          Kind.THRESHOLD,
          () -> {
            Walk.Said said = walk.follow(Kind.THRESHOLD);
            said.isOf(0);
            assertThat(said.text()).contains("\"findings\":[{", "slower than 200ms");
            assertThat(pager.page(Kind.THRESHOLD).getString("sentence"))
                .contains("slower than 200ms");
          });
      walk.of(
          Kind.DRY_RUN,
          () ->
              assertThat(walk.read(Kind.DRY_RUN).getString("sentence"))
                  .contains("would have rolled back", "health.latencyP95.action is alert"));
      slow = false;
      // The evidence of a share stays until another one is chosen.
      rollout.set(40);
      walk.of(
          Kind.THRESHOLD_OVER,
          () -> {
            rollout.until(state -> pager.has(Kind.THRESHOLD_OVER), () -> rollout.posts(5));
            assertThat(walk.read(Kind.THRESHOLD_OVER).getString("sentence"))
                .startsWith("Foundry has been within its limits for 2 s: ");
            pager.awaitResolved(Kind.THRESHOLD);
          });
      rollBack(walk, pager, proxy);
    }
  }

  private static boolean warned(Pager pager) {
    return pager.has(Kind.THRESHOLD) && pager.has(Kind.DRY_RUN);
  }

  private void rollBack(Walk walk, Pager pager, WalkedProxy proxy) throws Exception {
    RolloutProcess rollout = proxy.rollout();
    for (int i = 0; i < 20; i++) {
      assertThat(rollout.converse("user-" + i).statusCode()).isEqualTo(200);
    }
    fails = true;
    rollout.until(phase("rollback"), () -> rollout.posts(1));
    walk.of(
        Kind.ROLLBACK,
        () -> {
          Walk.Said said = walk.follow(Kind.ROLLBACK);
          said.isOf(0);
          assertThat(said.text()).contains("\"evidence\"", "error rate");
          assertThat(pager.page(Kind.ROLLBACK).getString("sentence"))
              .startsWith("ROLLBACK canary foundry 40 % -> 0 %")
              .contains("error rate")
              .as("whose it is, and that of how many")
              .containsPattern("of \\d+ users")
              .as("the cause")
              .containsPattern("\\d+ answers 500")
              .as("legacy's at the same time")
              .containsPattern("legacy (in the same time: |failed )0\\.0 % of \\d+");
        });
    walk.of(
        Kind.CONVERSATIONS_LEFT,
        () ->
            assertThat(walk.read(Kind.CONVERSATIONS_LEFT).getString("sentence"))
                .contains("conversations have begun at foundry"));
    fails = false;
    walk.of(
        Kind.ROLLBACK_OVER,
        () -> {
          ProxyProcess.Ended begun = proxy.command("start");
          assertThat(begun.code()).as(begun.output()).isZero();
          assertThat(walk.read(Kind.ROLLBACK_OVER).getString("sentence"))
              .startsWith("Start canary foundry 0 % -> 50 %");
          pager.awaitResolved(Kind.ROLLBACK);
          pager.awaitResolved(Kind.THRESHOLD);
          assertThat(pager.isResolved(Kind.CONVERSATIONS_LEFT)).as("by people").isFalse();
        });
  }
}
