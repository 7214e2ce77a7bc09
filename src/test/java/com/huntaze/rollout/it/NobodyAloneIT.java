package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.JudgedProxy.errors;
import static com.huntaze.rollout.it.JudgedProxy.phase;
import static com.huntaze.rollout.it.JudgedProxy.requests;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.WireFault.Plain;
import com.huntaze.rollout.simulate.WireFault.Status;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Users as the judge tells them apart: one backend without user keys is as many as it sends bodies,
 * a body that is sent again and again is one, and of several API keys none decides alone. Nothing
 * stands before the proxy, and no peer is trusted.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class NobodyAloneIT {
  @Parameter Wire wire;

  private static final Status FAILING = new Status(500, Map.of(), "no");
  private static final int REQUESTS = 300;

  /** A third of the requests is enough to decide on, after some twenty at Foundry. */
  private static final int ILL = 3;

  private static final int SOON = 100;

  /** The judge looks at what has come every now and then: a fast machine must not outrun it. */
  private static final Duration JUDGED = Duration.ofMillis(20);

  private JudgedProxy canary;

  /** No breaker and no retry, and the plain rule decides nothing. */
  private void start(String... keys) {
    JsonObject foundry =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    JsonArray known = new JsonArray();
    for (String key : keys) {
      known.add(new JsonObject().put("id", "key-" + key).put("sha256", sha256(key)));
    }
    canary =
        new JudgedProxy(
            wire,
            "1h",
            new JsonObject()
                .put("providers", new JsonObject().put("foundry", foundry))
                .put("auth", new JsonObject().put("keys", known)));
    canary.command("start");
    canary.foundry().become(id -> id.startsWith("ill-") ? FAILING : Plain.NONE);
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException missing) {
      throw new AssertionError(missing);
    }
  }

  @AfterEach
  void stop() {
    canary.close();
  }

  private static String id(int number) {
    return (number % ILL == 0 ? "ill-" : "well-") + number;
  }

  /** Asks, and demands an answer. */
  private void post(String body, String... headers) {
    try {
      assertThat(canary.proxy().post("/route", body, headers).statusCode()).isEqualTo(200);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static String other(int number) {
    return "{\"prompt\":\"hi %d\"}".formatted(number);
  }

  private void assertRolledBackSoon() {
    JsonObject back = canary.waitUntil(phase("rollback"));
    assertThat(back.getString("reason")).contains("error rate", "a healthy Foundry looks like");
    JsonObject evidence = canary.transitions().getJsonObject(1).getJsonObject("evidence");
    assertThat(evidence.getJsonArray("findings").getJsonObject(0).getString("rule"))
        .isEqualTo("seq");
    assertThat(canary.atFoundry()).isLessThanOrEqualTo(SOON);
  }

  /** All is known, enough failed to decide on, and nothing was decided. */
  private void assertKept(String whose) {
    canary.waitUntil(state -> requests(state, "foundry") + requests(state, "legacy") == REQUESTS);
    assertThat(errors(canary.state(), "foundry")).isGreaterThanOrEqualTo(REQUESTS / ILL / 3);
    // The verdict after the last of them.
    String checked = canary.state().getString("lastHealthCheck");
    Waits.until(() -> !canary.state().getString("lastHealthCheck").equals(checked));
    assertThat(canary.state().getString("phase")).isEqualTo("canary_10");
    assertThat(canary.transitions().size()).as("only the start").isEqualTo(1);
    assertThat(canary.lastHealth().getString("sentence")).contains(whose);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aThirdOfErrorsIsFoundAsSoonWithoutUserKeysAsWithThem(boolean keyed) {
    start();
    for (int i = 0; i < REQUESTS && !phase("rollback").test(canary.state()); i++) {
      if (keyed) {
        post("{\"prompt\":\"hi\"}", "X-Correlation-ID", id(i), "X-User-ID", "user-" + i);
      } else {
        post(other(i), "X-Correlation-ID", id(i));
      }
      Waits.pause(JUDGED);
    }
    assertRolledBackSoon();
  }

  @Test
  void aBodyThatIsSentAgainAndAgainIsOneUser() {
    start();
    for (int i = 0; i < REQUESTS; i++) {
      post(i % ILL == 0 ? "{\"prompt\":\"again\"}" : other(i), "X-Correlation-ID", id(i));
    }
    assertKept("1 user made");
  }

  @Test
  void oneOfTwoApiKeysThatInventsItsUsersDecidesNothing() {
    start("a", "b");
    for (int i = 0; i < REQUESTS; i++) {
      String key = i % ILL == 0 ? "b" : "a";
      post(other(i), "X-Correlation-ID", id(i), "X-API-Key", key, "X-User-ID", "user-" + i);
    }
    assertKept("1 api key made");
  }

  @Test
  void failuresOfTwoApiKeysAreFound() {
    start("a", "b");
    for (int i = 0; i < REQUESTS && !phase("rollback").test(canary.state()); i++) {
      String key = i % 2 == 0 ? "b" : "a";
      post(other(i), "X-Correlation-ID", id(i), "X-API-Key", key, "X-User-ID", "user-" + i);
      Waits.pause(JUDGED);
    }
    assertRolledBackSoon();
  }
}
