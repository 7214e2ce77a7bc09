package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of each credential, and the blame when one is refused. */
class CredentialsIT {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  private static final String CLIENTS = "client-key-0123456789";
  private static final String FOUNDRYS = "foundry-key-0123456789";
  private static final String LEGACYS = "legacy-key-0123456789";
  private static final List<String> PLACES =
      List.of("X-API-Key: %s", "api-key: %s", "Authorization: Bearer %s");

  private static RawOrigin saying(int status) {
    return new RawOrigin(
        call -> call.send("HTTP/1.1 %d Said\r\ncontent-length: 4\r\n\r\nsaid".formatted(status)));
  }

  private static JsonObject settings(RawOrigin foundry, RawOrigin legacy) {
    JsonObject settings =
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .put("health", new JsonObject().put("evaluateEvery", "50ms"));
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("retry", new JsonObject().put("delay", "1ms"))
        .put("circuitBreaker", new JsonObject().put("maxFailures", 1_000));
    return settings;
  }

  private static void inject(JsonObject settings, Provider provider, String key) {
    settings
        .getJsonObject("providers")
        .getJsonObject(provider.label())
        .put("headers", new JsonObject().put("X-API-Key", key));
  }

  /** An attempt is counted when it ends, which its client may see a moment before. */
  private static void awaitAttempts(RunningProxy proxy, String outcome, int count) {
    new Metered(proxy.adminPort())
        .awaitValue(
            "rollout_attempts_total{outcome=\"%s\",provider=\"foundry\"}".formatted(outcome),
            count);
  }

  /** Returns the judge's view of Foundry; there is none before its first look. */
  private static JsonObject judged(RunningProxy proxy) throws Exception {
    return Waits.until(
        () ->
            new JsonObject(proxy.admin("GET", "/api/v1/metrics", null).body())
                .getJsonObject("foundry"),
        Objects::nonNull);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void theRefusalOfOurCredentialIsFoundrysFailure(int status) throws Exception {
    try (RawOrigin foundry = saying(status);
        RawOrigin legacy = new RawOrigin(call -> call.send(OK))) {
      JsonObject settings = settings(foundry, legacy);
      inject(settings, Provider.FOUNDRY, FOUNDRYS);
      settings
          .getJsonObject("providers")
          .getJsonObject("foundry")
          .getJsonObject("circuitBreaker")
          .put("maxFailures", 3);
      try (RunningProxy proxy = RunningProxy.start(settings)) {
        for (int i = 1; i <= 5; i++) {
          HttpResponse<String> answer = proxy.post("/route", "{}", "X-API-Key", CLIENTS);
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(answer.headers().firstValue("X-AI-Reason")).contains("fallback");
          // Never a second time, and not at all once the breaker has opened on it.
          awaitAttempts(proxy, "credential_refused", Math.min(i, 3));
        }
        awaitJudged(proxy, 3);
        assertThat(judged(proxy).getInteger("errorCount")).isEqualTo(3);
      }
    }
  }

  private static void awaitJudged(RunningProxy proxy, int requests) throws Exception {
    Waits.until(() -> judged(proxy), known -> known.getInteger("requestCount") >= requests);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void theRefusalOfTheClientsOwnCredentialIsTheClients(int status) throws Exception {
    try (RawOrigin foundry = saying(status);
        RawOrigin legacy = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = RunningProxy.start(settings(foundry, legacy))) {
      for (int i = 1; i <= 5; i++) {
        HttpResponse<String> answer = proxy.post("/route", "{}", "X-API-Key", CLIENTS);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("said");
        assertThat(foundry.nextHead()).contains("X-API-Key: " + CLIENTS);
      }
      awaitAttempts(proxy, "caller_error", 5);
      assertThat(legacy.connections()).isZero();
      assertThat(judged(proxy).getInteger("errorCount")).isZero();
    }
  }

  /** Each request is refused, retried or moved on in its own way. */
  @ParameterizedTest
  @CsvSource({
    "POST /route, 503",
    "POST /route, 429",
    "POST /route, 401",
    "POST /v1/chat/completions, 500",
    "POST /v1/agents/fan_message, 503",
    "GET /audio/transcribe/J9, 404",
    "GET /anything, 503"
  })
  void noKeyReachesWhomItIsNotFor(String request, int status) throws Exception {
    try (RawOrigin foundry = saying(status);
        RawOrigin legacy = new RawOrigin(call -> call.send(OK))) {
      JsonObject settings = settings(foundry, legacy);
      inject(settings, Provider.FOUNDRY, FOUNDRYS);
      inject(settings, Provider.LEGACY, LEGACYS);
      JsonObject key = new JsonObject().put("id", "web").put("sha256", sha256(CLIENTS));
      settings.put(
          "auth", new JsonObject().put("required", true).put("keys", new JsonArray().add(key)));
      try (RunningProxy proxy = RunningProxy.start(settings)) {
        for (String place : PLACES) {
          assertThat(ask(proxy, request, place.formatted(CLIENTS))).startsWith("HTTP/1.1 200 ");
        }
      }
      carriesOnly(foundry, FOUNDRYS);
      carriesOnly(legacy, LEGACYS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /route", "POST /v1/agents/fan_message", "GET /anything"})
  void aClientsKeyThatWeDoNotKnowReachesFoundryAlone(String request) throws Exception {
    try (RawOrigin foundry = saying(503);
        RawOrigin legacy = new RawOrigin(call -> call.send(OK));
        RunningProxy proxy = RunningProxy.start(settings(foundry, legacy))) {
      for (String place : PLACES) {
        assertThat(ask(proxy, request, place.formatted(CLIENTS))).startsWith("HTTP/1.1 200 ");
      }
      assertThat(foundry.nextHead(0)).contains(CLIENTS);
      List<String> atLegacy = heads(legacy);
      assertThat(atLegacy).hasSize(PLACES.size());
      assertThat(atLegacy).allSatisfy(head -> assertThat(head).doesNotContain(CLIENTS));
    }
  }

  private static String ask(RunningProxy proxy, String request, String key) throws Exception {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(
          "%s HTTP/1.1\r\nHost: p\r\n%s\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
              .formatted(request, key));
      return client.readToEnd();
    }
  }

  private static void carriesOnly(RawOrigin origin, String key) throws Exception {
    List<String> heads = heads(origin);
    assertThat(heads).isNotEmpty();
    assertThat(heads)
        .allSatisfy(
            head -> {
              assertThat(head).containsOnlyOnce("X-API-Key: " + key);
              assertThat(head).containsOnlyOnce("-key-0123456789");
              assertThat(head).doesNotContainIgnoringCase("authorization");
            });
  }

  private static List<String> heads(RawOrigin origin) throws InterruptedException {
    List<String> heads = new ArrayList<>();
    for (String head = origin.nextHead(0); head != null; head = origin.nextHead(0)) {
      heads.add(head);
    }
    return heads;
  }

  private static String sha256(String key) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash);
  }
}
