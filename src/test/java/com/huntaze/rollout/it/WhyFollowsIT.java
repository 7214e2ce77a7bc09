package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever says why, says it of the present: {@code reason} and {@code next} of the state, wherever
 * that is told, and the {@code why} of outcomes that are not counted.
 */
class WhyFollowsIT {
  private static final String UNUSED = "http://127.0.0.1:1";

  @TempDir private Path folder;

  private static JsonObject settings() {
    JsonArray stages =
        new JsonArray()
            .add(new JsonObject().put("phase", "first").put("percentage", 10).put("bake", "1h"))
            .add(new JsonObject().put("phase", "second").put("percentage", 50).put("bake", "1h"))
            .add(new JsonObject().put("phase", "full").put("percentage", 100));
    return RunningProxy.before("canary", UNUSED, UNUSED)
        .put("canary", new JsonObject().put("stages", stages));
  }

  private static JsonObject state(RunningProxy proxy) {
    return (JsonObject) request(proxy.vertx().eventBus(), "rollout.canary.get", null);
  }

  private static Object request(EventBus bus, String address, Object body) {
    return RunningProxy.await(bus.request(address, body)).body();
  }

  /** Carries a command out, and looks that all that tells of the state says the same of it. */
  private static JsonObject after(RunningProxy proxy, JsonObject command) throws Exception {
    JsonObject reply =
        (JsonObject) request(proxy.vertx().eventBus(), "rollout.canary.command", command);
    JsonObject asked = state(proxy);
    JsonObject admin = new JsonObject(proxy.admin("GET", "/api/v1/canary", null).body());
    for (JsonObject told : new JsonObject[] {asked, admin}) {
      assertThat(told.getString("reason")).isEqualTo(reply.getString("reason"));
      assertThat(told.getString("phase")).isEqualTo(reply.getString("phase"));
    }
    JsonArray history =
        (JsonArray) request(proxy.vertx().eventBus(), "rollout.canary.transitions", null);
    String last = history.getJsonObject(history.size() - 1).getString("sentence");
    assertThat(last).contains(command.getString("reason"));
    assertThat(asked.getString("reason")).as(asked.encode()).contains(command.getString("reason"));
    outcomesAreToldOfThePresent(proxy, asked);
    return asked;
  }

  /** An outcome of another epoch is told which one is present. */
  private static void outcomesAreToldOfThePresent(RunningProxy proxy, JsonObject state) {
    JsonObject outcome =
        new JsonObject()
            .put("provider", "foundry")
            .put("success", true)
            .put("latencyMillis", 1)
            .put("epoch", "7-ffffffff")
            .put("stage", 0);
    Waits.until(
        () ->
            ((JsonObject) request(proxy.vertx().eventBus(), "rollout.outcome", outcome))
                .getString("why"),
        why ->
            why.endsWith(
                "(present: epoch %s, stage %d)"
                    .formatted(state.getString("epoch"), state.getInteger("stage"))));
  }

  private static JsonObject command(String name) {
    return new JsonObject().put("command", name).put("reason", "why " + name).put("actor", "me");
  }

  @Test
  void everyCommandChangesWhatIsToldOfIt() throws Exception {
    try (RunningProxy proxy = RunningProxy.start(settings())) {
      JsonObject before = state(proxy);
      assertThat(before.getString("reason")).isEqualTo("not started");
      assertThat(before.getString("next")).startsWith("start begins the rollout");
      Set<String> reasons = new HashSet<>();
      Object[][] rows = {
        {command("start"), "second at 50 %"},
        {command("pause"), "paused: resume"},
        {command("resume"), "second at 50 %"},
        {command("advance"), "full at 100 %"},
        {command("set").put("percentage", 20), "set by hand"},
        {command("pause").put("reason", "once more"), "paused and set by hand"},
        {command("advance").put("reason", "and on"), "full at 100 %"},
        {command("rollback"), "start begins a new attempt"},
        {command("reset"), "start begins the rollout"},
        {command("start").put("reason", "again"), "second at 50 %"},
      };
      for (Object[] row : rows) {
        JsonObject state = after(proxy, (JsonObject) row[0]);
        assertThat(state.getString("next")).as(row[0].toString()).startsWith((String) row[1]);
        assertThat(reasons.add(state.getString("reason"))).as(state.encode()).isTrue();
      }
    }
  }

  @Test
  void anotherModeChangesWhatComesNext() {
    try (RunningProxy proxy = RunningProxy.start(settings())) {
      proxy.reload(new JsonObject().put("provider", "legacy"));
      assertThat(state(proxy).getString("next")).startsWith("the provider mode is legacy");
      proxy.reload(new JsonObject().put("provider", "foundry"));
      assertThat(state(proxy).getString("next")).startsWith("the provider mode is foundry");
      proxy.reload(new JsonObject().put("provider", "canary"));
      assertThat(state(proxy).getString("next")).startsWith("start begins the rollout");
    }
  }

  @Test
  void aRolloutThatDidNotBeginByItselfIsNoLongerSoOnceItIsNotAskedTo() {
    JsonObject settings = settings().put("state", new JsonObject().put("dir", folder.toString()));
    settings.getJsonObject("canary").put("autoStart", true);
    try (RunningProxy proxy = RunningProxy.start(settings)) {
      Waits.until(
          () -> state(proxy).getString("reason"),
          reason -> reason.startsWith("canary.autoStart does nothing"));
      proxy.reload(new JsonObject().put("canary", new JsonObject().put("autoStart", false)));
      assertThat(state(proxy).getString("reason")).isEqualTo("not started");
    }
  }
}
