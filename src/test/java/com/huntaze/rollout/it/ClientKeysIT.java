package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The receivers of clients' keys, by {@code auth.clientKeys}, directly and in a failover. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class ClientKeysIT {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
  private static final String KEY = "key-of-a-client-0123456789";

  @Parameter Wire wire;

  private static RawOrigin good() {
    return new RawOrigin(call -> call.send(OK));
  }

  private static RawOrigin failing() {
    return new RawOrigin(call -> call.send("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"));
  }

  private static JsonObject settings(String mode, RawOrigin foundry, RawOrigin legacy) {
    JsonObject settings = RunningProxy.before(mode, foundry.url(), legacy.url());
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("retry", new JsonObject().put("max", 0));
    return settings;
  }

  private static void ask(RunningProxy proxy) throws Exception {
    proxy.post(
        "/v1/chat/completions?key=" + KEY + "&n=1",
        "{}",
        "Authorization",
        "Bearer " + KEY,
        "api-key",
        KEY,
        "Cookie",
        "session=1");
  }

  private static String lower(RawOrigin origin) throws InterruptedException {
    return origin.nextHead().toLowerCase(java.util.Locale.ROOT);
  }

  private static void carries(String head) {
    assertThat(head)
        .contains("authorization: bearer " + KEY, "api-key: " + KEY, "?key=" + KEY + "&n=1");
  }

  /** The first step of the README: nothing changes for a legacy that checks today's keys. */
  @Test
  void inModeLegacyTheKeysArriveAsBefore() throws Exception {
    try (RawOrigin foundry = good();
        RawOrigin legacy = good();
        RunningProxy proxy = RunningProxy.start(wire, settings("legacy", foundry, legacy))) {
      ask(proxy);
      String head = lower(legacy);
      carries(head);
      assertThat(head).contains("cookie: session=1");
      assertThat(foundry.connections()).isZero();
    }
  }

  /** The next step: Foundry has a key of ours, so those of clients can only be for legacy. */
  @Test
  void behindAFoundryWithAKeyOfOursLegacyStillGetsThem() throws Exception {
    try (RawOrigin foundry = failing();
        RawOrigin legacy = good()) {
      JsonObject settings = settings("foundry", foundry, legacy);
      settings
          .getJsonObject("providers")
          .getJsonObject("foundry")
          .put("headers", new JsonObject().put("X-API-Key", "ours"));
      try (RunningProxy proxy = RunningProxy.start(wire, settings)) {
        ask(proxy);
        assertThat(lower(foundry)).contains("x-api-key: ours").doesNotContain(KEY);
        carries(lower(legacy));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "foundry, false, true,  false",
    "legacy,  false, false, true",
    "both,    false, true,  true",
    "none,    false, false, false",
    "foundry, true,  true,  false",
    "legacy,  true,  false, true",
    "both,    true,  true,  true",
    "none,    true,  false, false",
    ",        false, true,  false",
    ",        true,  false, false"
  })
  void theyGoToWhomTheyAreFor(String keys, boolean required, boolean toFoundry, boolean toLegacy)
      throws Exception {
    JsonObject auth = new JsonObject().put("required", required);
    if (keys != null) {
      auth.put("clientKeys", keys);
    }
    if (required) {
      auth.put(
          "keys", new JsonArray().add(new JsonObject().put("id", "web").put("sha256", sha256())));
    }
    try (RawOrigin foundry = failing();
        RawOrigin legacy = good();
        RunningProxy proxy =
            RunningProxy.start(wire, settings("foundry", foundry, legacy).put("auth", auth))) {
      ask(proxy);
      reaches(lower(foundry), toFoundry);
      String atLegacy = lower(legacy);
      reaches(atLegacy, toLegacy);
      assertThat(atLegacy.contains("cookie: session=1")).isEqualTo(!"none".equals(keys));
    }
  }

  /** Foundry would log it, or be asked with it by whoever reads its log. */
  @Test
  void theProxysOwnKeyReachesNobodyWhateverItIsCalled() throws Exception {
    JsonObject auth =
        new JsonObject()
            .put("required", true)
            .put(
                "keys",
                new JsonArray().add(new JsonObject().put("id", "web").put("sha256", sha256())));
    try (RawOrigin foundry = good();
        RawOrigin legacy = good();
        RunningProxy proxy =
            RunningProxy.start(wire, settings("foundry", foundry, legacy).put("auth", auth))) {
      proxy.post(
          "/v1/chat/completions?key=" + KEY + "&n=1&api-key=of-foundry",
          "{}",
          "Authorization",
          "Bearer " + KEY,
          "x-goog-api-key",
          KEY,
          "Ocp-Apim-Subscription-Key",
          "of-foundry");
      assertThat(lower(foundry))
          .doesNotContain(KEY)
          .contains("?n=1&api-key=of-foundry", "ocp-apim-subscription-key: of-foundry");
    }
  }

  private static void reaches(String head, boolean should) {
    if (should) {
      carries(head);
    } else {
      assertThat(head).doesNotContain("authorization", "api-key: ");
    }
  }

  @Test
  void aConfiguredFieldWins() throws Exception {
    try (RawOrigin foundry = good();
        RawOrigin legacy = good()) {
      JsonObject settings = settings("legacy", foundry, legacy);
      settings
          .getJsonObject("providers")
          .getJsonObject("legacy")
          .put("headers", new JsonObject().put("Authorization", "Bearer ours"));
      settings.put("auth", new JsonObject().put("clientKeys", "both"));
      try (RunningProxy proxy = RunningProxy.start(wire, settings)) {
        ask(proxy);
        assertThat(lower(legacy))
            .containsOnlyOnce("authorization: bearer ours")
            .doesNotContain(KEY);
      }
    }
  }

  @Test
  void aReloadDecidesAnew() throws Exception {
    try (RawOrigin foundry = good();
        RawOrigin legacy = good();
        RunningProxy proxy = RunningProxy.start(wire, settings("legacy", foundry, legacy))) {
      ask(proxy);
      carries(lower(legacy));
      proxy.reload(new JsonObject().put("auth", new JsonObject().put("clientKeys", "none")));
      ask(proxy);
      assertThat(lower(legacy)).doesNotContain(KEY);
    }
  }

  private static String sha256() throws Exception {
    return HexFormat.of()
        .formatHex(
            java.security.MessageDigest.getInstance("SHA-256")
                .digest(KEY.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }
}
