package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are let in, and the part of a key that goes on. */
class ApiKeysIT {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  private static final String KEY = "web-key-0123456789";
  private static final String OPERATOR = "operator-key-0123456789";

  private RawOrigin foundry;
  private RawOrigin legacy;
  private RunningProxy proxy;

  @BeforeEach
  void start() throws Exception {
    foundry = new RawOrigin(call -> call.send(OK));
    legacy = new RawOrigin(call -> call.send(OK));
    JsonArray keys =
        new JsonArray()
            .add(key("web", KEY).put("perSecond", 3))
            .add(key("operator", OPERATOR).put("mayOverride", true));
    JsonObject config =
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .put("auth", new JsonObject().put("required", true).put("keys", keys));
    config
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("headers", new JsonObject().put("X-API-Key", "the-providers-own"));
    proxy = RunningProxy.start(config);
  }

  private static JsonObject key(String id, String key) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    return new JsonObject().put("id", id).put("sha256", HexFormat.of().formatHex(hash));
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    foundry.close();
    legacy.close();
  }

  @Test
  void refusesBeforeTheBodyIsReadAndBeforeContinue() throws Exception {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send(
          "POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 1000000\r\n"
              + "Expect: 100-continue\r\n\r\n");
      String answer = client.readUntil("}}");
      assertThat(answer).startsWith("HTTP/1.1 401 ").contains("WWW-Authenticate: ApiKey");
      assertThat(answer).contains("\"code\":\"UNAUTHORIZED\"").doesNotContain("x-should-retry");
      // The body that it was not asked for may come or not: nothing behind it could be told apart.
      assertThat(answer).containsIgnoringCase("\r\nconnection: close\r\n");
      assertThat(client.readToEnd()).isEmpty();
    }
    assertThat(foundry.nextHead(200)).isNull();
    assertThat(legacy.nextHead(1)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-API-Key: %s", "api-key: %s", "Authorization: Bearer %s"})
  void letsAKnownKeyInAndKeepsItFromTheProvider(String header) throws Exception {
    try (RawClient client = new RawClient(proxy.port())) {
      client.send("GET /x HTTP/1.1\r\nHost: p\r\n" + header.formatted(KEY) + "\r\n\r\n");
      assertThat(client.readUntil("ok")).startsWith("HTTP/1.1 200");
    }
    assertThat(foundry.nextHead()).doesNotContain(KEY).contains("X-API-Key: the-providers-own");
  }

  @Test
  void keepsOneProvidersKeyFromTheOther() throws Exception {
    proxy.get("/x", "X-API-Key", OPERATOR, "X-AI-Provider", "legacy");
    assertThat(legacy.nextHead()).doesNotContainIgnoringCase("api-key").doesNotContain("own");
  }

  @Test
  void honoursAnOverrideOfThoseWhoMayAndOfNobodyElse() throws Exception {
    HttpResponse<String> operator =
        proxy.post("/route", "{}", "X-API-Key", OPERATOR, "X-AI-Provider", "legacy");
    assertThat(operator.headers().firstValue("X-AI-Provider")).contains("legacy");
    assertThat(operator.headers().firstValue("X-AI-Reason")).contains("override");
    HttpResponse<String> web =
        proxy.post("/route", "{}", "X-API-Key", KEY, "X-AI-Provider", "legacy");
    assertThat(web.headers().firstValue("X-AI-Provider")).contains("foundry");
  }

  /** Whoever answers: a provider that counts for itself, or we with an error of our own. */
  @Test
  void eachAnswerTellsTheKeysOwnLimitAndNobodyElses() throws Exception {
    foundry.close();
    foundry =
        new RawOrigin(
            call ->
                call.send(
                    "HTTP/1.1 200 OK\r\nRateLimit: \"theirs\";r=99;t=1\r\n"
                        + "RateLimit-Policy: \"theirs\";q=99;w=1\r\ncontent-length: 2\r\n\r\nok"));
    JsonObject moved = new JsonObject().put("foundry", new JsonObject().put("url", foundry.url()));
    proxy.reload(new JsonObject().put("providers", moved));
    String key = "X-API-Key: " + KEY + "\r\n";
    for (String length : List.of("2", "99999999999")) {
      try (RawClient client = new RawClient(proxy.port())) {
        client.send(
            "POST /x HTTP/1.1\r\nHost: p\r\nContent-Length: %s\r\n%s\r\n{}".formatted(length, key));
        String head = client.readUntil("\r\n\r\n");
        assertThat(head).startsWith(length.equals("2") ? "HTTP/1.1 200" : "HTTP/1.1 413");
        assertThat(
                head.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith("ratelimit")))
            .hasSize(2)
            .allMatch(line -> line.contains("\"default\""));
      }
    }
  }

  @Test
  void limitsTheRateOfAKeyAndSaysWhenItMayComeBack() throws Exception {
    HttpResponse<String> limited = null;
    for (int i = 0; i < 10 && limited == null; i++) {
      HttpResponse<String> answer = proxy.get("/x", "X-API-Key", KEY);
      assertThat(answer.headers().firstValue("RateLimit-Policy")).contains("\"default\";q=3;w=1");
      limited = answer.statusCode() == 429 ? answer : null;
    }
    assertThat(limited).isNotNull();
    assertThat(limited.body()).contains("\"code\":\"RATE_LIMITED\"", "\"retryable\":true");
    assertThat(limited.headers().firstValue("Retry-After")).contains("1");
    assertThat(limited.headers().firstValue("RateLimit").orElseThrow()).contains("r=0");
    assertThat(proxy.get("/x", "X-API-Key", OPERATOR).statusCode()).isEqualTo(200);
  }
}
