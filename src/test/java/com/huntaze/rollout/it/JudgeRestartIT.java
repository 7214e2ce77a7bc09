package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.JudgedProxy.phase;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart under other rules, and its use of what was found before it. */
class JudgeRestartIT {
  private static final Status FAILING = new Status(500, Map.of(), "no");

  @TempDir private Path dir;

  private JsonObject settings(String mode) {
    JsonObject foundry =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    return JudgedProxy.in(dir)
        .put("provider", mode)
        .put("providers", new JsonObject().put("foundry", foundry));
  }

  @Test
  void whatModeFoundryHasFoundDoesNotRollBackTheCanaryThatIsStartedLater() {
    try (JudgedProxy canary = new JudgedProxy("1h", settings("foundry"))) {
      RunningProxy.await(canary.foundry().become(FAILING));
      canary.posts(40);
      Waits.until(() -> "rollback".equals(canary.lastHealth().getString("verdict")));
      RunningProxy.await(canary.foundry().become(Plain.NONE));
      canary.restart(new JsonObject().put("provider", "canary"));
      canary.command("start");
      String before = canary.state().getString("lastHealthCheck");
      canary.waitUntil(state -> !state.getString("lastHealthCheck").equals(before));
      canary.posts(30);
      JsonObject state = canary.waitUntil(each -> JudgedProxy.requests(each, "foundry") >= 10);
      assertThat(state.getString("phase")).isEqualTo("canary_10");
      assertThat(state.getInteger("percentage")).isEqualTo(50);
    }
  }

  @Test
  void theTimeOfHealthGoesOnUnderTheSameLimitsAndBeginsAnewUnderOthers() {
    try (JudgedProxy canary = new JudgedProxy("1h", settings("canary"))) {
      canary.command("start");
      canary.postUntil(state -> state.getLong("healthyDuration") >= 2);
      canary.restart(new JsonObject());
      judged(canary);
      assertThat(canary.state().getLong("healthyDuration")).isGreaterThanOrEqualTo(2);
      JsonObject limit = new JsonObject().put("limit", "4s");
      canary.restart(new JsonObject().put("health", new JsonObject().put("latencyP95", limit)));
      judged(canary);
      assertThat(canary.state().getLong("healthyDuration")).isZero();
      assertThat(phase("canary_10").test(canary.state())).isTrue();
      JsonObject totals = canary.lastHealth().getJsonObject("foundryTotals").getJsonObject("all");
      assertThat(totals.getLong("observed")).isZero();
    }
  }

  /** Maintenance in mode legacy, with a deployment in it: what was found is found afterwards. */
  @Test
  void modeLegacyKeepsWhatTheJudgeHasFound() {
    try (JudgedProxy canary = new JudgedProxy("1h", settings("canary"))) {
      canary.command("start");
      canary.posts(60);
      long found = Waits.until(() -> samples(canary), samples -> samples >= 20);
      canary.reload(new JsonObject().put("provider", "legacy"));
      canary.restart(new JsonObject());
      canary.reload(new JsonObject().put("provider", "canary"));
      assertThat(Waits.until(() -> samples(canary), samples -> samples > 0))
          .isGreaterThanOrEqualTo(found);
      // Of a process that has never judged anything else.
      canary.reload(new JsonObject().put("provider", "legacy"));
      canary.restart(new JsonObject().put("provider", "canary"));
      assertThat(Waits.until(() -> samples(canary), samples -> samples > 0))
          .isGreaterThanOrEqualTo(found);
    }
  }

  /** Nothing has been started: its traffic is watched all the same, as after a start in it. */
  @Test
  void aReloadToModeFoundryBeginsToGatherEvidence() {
    try (JudgedProxy proxy = new JudgedProxy("1h", settings("canary"))) {
      proxy.posts(10);
      proxy.reload(new JsonObject().put("provider", "foundry"));
      proxy.posts(40);
      assertThat(Waits.until(() -> samples(proxy), samples -> samples >= 20)).isPositive();
    }
  }

  private static long samples(JudgedProxy proxy) {
    return proxy
        .lastHealth()
        .getJsonObject("sequential", new JsonObject())
        .getJsonObject("error", new JsonObject())
        .getLong("samples", 0L);
  }

  private static void judged(JudgedProxy canary) {
    Waits.until(() -> canary.lastHealth().containsKey("verdict"));
  }
}
