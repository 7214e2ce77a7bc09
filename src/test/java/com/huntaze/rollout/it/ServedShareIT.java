package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The share of the users whom Foundry serves, beside the share that is set. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class ServedShareIT {
  private static final int USERS = 300;
  private static final String KEY = "key-of-a-tester-0123456789";
  private static final String TOLD = "The share served is not the share set: 50 % was set, ";

  @Parameter Wire wire;

  /** Nothing of it rolls back: that would end the split. */
  private static JsonObject unharmed() {
    JsonObject observed = new JsonObject().put("action", "observe");
    return new JsonObject()
        .put(
            "health",
            new JsonObject()
                .put("errorRate", observed.copy())
                .put("latencyP95", observed.copy())
                .put("baseline", observed.copy()))
        .put(
            "providers",
            new JsonObject()
                .put(
                    "foundry",
                    new JsonObject()
                        .put("retry", new JsonObject().put("max", 0))
                        .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000))));
  }

  @Test
  void whatLegacyServesInFoundrysSteadIsToldOnce() {
    Status broken = new Status(500, Map.of(), "no");
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", unharmed())) {
      canary.command("start");
      canary.foundry().become(id -> broken);
      int[] sent = {0};
      canary.until(
          state -> canary.alerts().stream().anyMatch(alert -> alert.contains(TOLD)),
          () -> ask(canary, sent[0]++));
      for (int i = 0; i < 200; i++) {
        ask(canary, sent[0]++);
      }
      assertThat(canary.state().getString("phase")).isEqualTo("canary_10");
      assertThat(canary.alerts().stream().filter(alert -> alert.contains(TOLD))).hasSize(1);
      assertThat(canary.alerts())
          .anyMatch(
              alert ->
                  alert.startsWith("threshold: " + TOLD + "0.0 % of ")
                      && alert.contains("after foundry failed"));
      JsonObject health = canary.lastHealth();
      assertThat(share(health).getString("state")).isEqualTo("over");
      assertThat(health.getJsonArray("notices").encode()).contains("\"served_share\"");
    }
  }

  /** Whoever asks for his provider takes no part in the split, and neither does it count him. */
  @Test
  void whatIsServedAsItWasSetIsNotTold() {
    try (JudgedProxy canary = new JudgedProxy(wire, "1h", withAnOverride())) {
      canary.command("start");
      for (int i = 0; i < USERS; i++) {
        canary.post("X-API-Key", KEY, "X-User-ID", "user-" + i);
        canary.post("X-API-Key", KEY, "X-User-ID", "other-" + i, "X-AI-Provider", "legacy");
      }
      canary.waitUntil(state -> share(canary.lastHealth()).getLong("samples") >= USERS);
      JsonObject share = share(canary.lastHealth());
      assertThat(share.getLong("samples")).isEqualTo(USERS);
      assertThat(share.getString("state")).isEqualTo("ok");
      assertThat(canary.lastHealth().getJsonArray("notices")).isEmpty();
      assertThat(canary.alerts()).noneMatch(alert -> alert.contains(TOLD));
    }
  }

  private static JsonObject withAnOverride() {
    JsonObject key =
        new JsonObject().put("id", "tester").put("sha256", sha256(KEY)).put("mayOverride", true);
    return unharmed().put("auth", new JsonObject().put("keys", new JsonArray().add(key)));
  }

  private static String sha256(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError(missing);
    }
  }

  private static void ask(JudgedProxy canary, int i) {
    canary.post("X-User-ID", "user-" + i % USERS);
  }

  private static JsonObject share(JsonObject health) {
    return health.getJsonArray("metrics").stream()
        .map(JsonObject.class::cast)
        .filter(row -> row.getString("metric").equals("served_share"))
        .findFirst()
        .orElseThrow();
  }
}
