package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.simulate.FaultyUpstream;
import com.huntaze.rollout.simulate.WireFault.Plain;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The view of a program that uses the proxy through the OpenAI SDK: the answers, and of our own
 * errors the code, the type and the sentence. The SDK never multiplies our retries by its own.
 */
@Tag("heavy")
class OpenAiSdkIT {
  private static final String KEY = "a-key-of-the-test";

  private static Vertx vertx;
  private static FaultyUpstream foundry;
  private static FaultyUpstream legacy;

  @BeforeAll
  static void start() throws IOException {
    OpenAiSdk.install();
    vertx = Vertx.vertx();
    foundry = RunningProxy.await(FaultyUpstream.start(vertx, "foundry"));
    legacy = RunningProxy.await(FaultyUpstream.start(vertx, "legacy"));
  }

  @AfterAll
  static void stop() {
    if (vertx != null) {
      RunningProxy.await(vertx.close());
    }
  }

  /** One attempt a provider, so that what a client repeats would be seen there. */
  private static RunningProxy proxy(boolean fallback, JsonObject more) {
    JsonObject once = new JsonObject().put("retry", new JsonObject().put("max", 0));
    return RunningProxy.start(
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .put("fallback", new JsonObject().put("enabled", fallback))
            .mergeIn(
                new JsonObject()
                    .put(
                        "providers",
                        new JsonObject().put("foundry", once).put("legacy", once.copy())),
                true)
            .mergeIn(more, true));
  }

  private static JsonObject keys(JsonObject limits) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.UTF_8));
    JsonObject key =
        new JsonObject().put("id", "sdk").put("sha256", HexFormat.of().formatHex(hash));
    return new JsonObject()
        .put("auth", new JsonObject().put("required", true).put("keys", new JsonArray().add(key)))
        .put("limits", limits);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aGoodAnswerPasses(boolean stream) throws Exception {
    try (RunningProxy proxy = proxy(true, new JsonObject())) {
      JsonObject seen = OpenAiSdk.ask(proxy.port(), KEY, "sdk-good-" + stream, stream);
      assertThat(seen.getJsonObject("error")).as(seen.encode()).isNull();
      assertThat(seen.getString("content")).contains("all is well", "foundry");
      assertThat(seen.getString("finish")).isEqualTo("stop");
      assertThat(seen.getInteger("requests")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnswerThatLegacyMadeUpForPasses(boolean stream) throws Exception {
    try (RunningProxy proxy = proxy(true, new JsonObject())) {
      String id = "sdk-made-up-for-" + stream;
      foundry.plan(id, stream ? Plain.PREAMBLE_THEN_ERROR : Plain.JUNK);
      JsonObject seen = OpenAiSdk.ask(proxy.port(), KEY, id, stream);
      assertThat(seen.getJsonObject("error")).as(seen.encode()).isNull();
      assertThat(seen.getString("content")).contains("all is well", "legacy");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProviderThatFailsIsA503OfOurs(boolean stream) throws Exception {
    try (RunningProxy proxy = proxy(false, new JsonObject())) {
      String id = "sdk-503-" + stream;
      foundry.plan(id, Plain.RESET_BEFORE_HEAD);
      JsonObject seen = OpenAiSdk.ask(proxy.port(), KEY, id, stream);
      isOurs(seen, "InternalServerError", 503, "FOUNDRY_UNAVAILABLE", "upstream_error", 3);
      assertThat(seen.getJsonObject("error").getString("message"))
          .contains("the connection was lost");
      assertThat(foundry.ledger().begun(id)).as("as without a proxy").isEqualTo(3);
    }
  }

  @Test
  void twoProvidersThatFailAreA502OfOurs() throws Exception {
    try (RunningProxy proxy = proxy(true, new JsonObject())) {
      foundry.plan("sdk-502", Plain.CLOSE_BEFORE_HEAD);
      legacy.plan("sdk-502", Plain.JUNK);
      JsonObject seen = OpenAiSdk.ask(proxy.port(), KEY, "sdk-502", false);
      isOurs(seen, "InternalServerError", 502, "FALLBACK_FAILED", "upstream_error", 1);
      assertThat(seen.getJsonObject("error").getString("message")).contains("is not HTTP");
      assertThat(legacy.ledger().begun("sdk-502")).as("requests to legacy").isEqualTo(1);
    }
  }

  @Test
  void aWrongKeyIsA401OfOurs() throws Exception {
    try (RunningProxy proxy = proxy(true, keys(new JsonObject()))) {
      JsonObject seen = OpenAiSdk.ask(proxy.port(), "wrong", "sdk-401", false);
      isOurs(seen, "AuthenticationError", 401, "UNAUTHORIZED", null, 1);
      assertThat(foundry.ledger().begun("sdk-401")).isZero();
    }
  }

  @Test
  void aCallersLimitIsA429WithRetryAfter() throws Exception {
    JsonObject limits = new JsonObject().put("perKeyPerSecond", 1).put("burst", 1);
    try (RunningProxy proxy = proxy(true, keys(limits))) {
      // Somebody else with the key takes all that it is allowed while the SDK asks.
      AtomicBoolean asked = new AtomicBoolean();
      CompletableFuture<Void> other = CompletableFuture.runAsync(() -> hammer(proxy, asked));
      JsonObject seen = new JsonObject();
      for (int i = 0; i < 3 && !seen.containsKey("error"); i++) {
        seen = OpenAiSdk.ask(proxy.port(), KEY, "sdk-429", false);
      }
      asked.set(true);
      other.join();
      isOurs(seen, "RateLimitError", 429, "RATE_LIMITED", null, 3);
      assertThat(seen.getJsonObject("error").getString("retryAfter")).matches("[1-9][0-9]*");
    }
  }

  private static void hammer(RunningProxy proxy, AtomicBoolean asked) {
    try {
      while (!asked.get()) {
        proxy.post("/v1/embeddings", "{}", "X-API-Key", KEY);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStreamThatBreaksOffIsAnErrorAndNoEnd(boolean fallback) throws Exception {
    try (RunningProxy proxy = proxy(fallback, new JsonObject())) {
      String id = "sdk-cut-" + fallback;
      foundry.plan(id, Plain.CONTENT_THEN_CUT);
      JsonObject seen = OpenAiSdk.ask(proxy.port(), KEY, id, true);
      JsonObject error = seen.getJsonObject("error");
      assertThat(error).as(seen.encode()).isNotNull();
      assertThat(error.getBoolean("isApiError")).isTrue();
      assertThat(error.getString("code")).isEqualTo("FOUNDRY_UNAVAILABLE");
      assertThat(error.getString("type")).isEqualTo("upstream_error");
      assertThat(error.getString("message")).contains("the connection was lost");
      assertThat(seen.getString("content")).as("what came before").isEqualTo("served by foundry");
      assertThat(seen.getString("finish")).isNull();
      assertThat(seen.getInteger("requests")).isEqualTo(1);
    }
  }

  private static void isOurs(
      JsonObject seen, String name, int status, String code, String type, int requests) {
    JsonObject error = seen.getJsonObject("error");
    assertThat(error).as(seen.encode()).isNotNull();
    assertThat(error.getString("name")).as(seen.encode()).isEqualTo(name);
    assertThat(error.getInteger("status")).isEqualTo(status);
    assertThat(error.getString("code")).isEqualTo(code);
    assertThat(error.getString("type")).isNotBlank();
    assertThat(type == null || type.equals(error.getString("type"))).isTrue();
    assertThat(error.getString("correlationId")).startsWith("sdk-");
    assertThat(seen.getInteger("requests")).as("the SDK's requests").isEqualTo(requests);
  }
}
