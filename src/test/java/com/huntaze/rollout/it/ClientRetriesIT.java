package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Retries are not multiplied: what we have repeated the client is told not to repeat, and what it
 * repeats itself we do not.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class ClientRetriesIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String GOOD =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

  @Parameter Wire wire;

  private final AtomicInteger calls = new AtomicInteger();

  private RawOrigin failing(String fields) {
    return new RawOrigin(
        call -> {
          calls.incrementAndGet();
          String body = call.head().startsWith("HEAD") ? "" : "{}";
          call.send("HTTP/1.1 503 Busy\r\n" + fields + "content-length: 2\r\n\r\n" + body);
        });
  }

  private JsonObject settings(String mode, String foundry, String legacy) {
    JsonObject settings =
        RunningProxy.before(mode, foundry, legacy)
            .put("retryBudget", new JsonObject().put("perSecond", 1_000));
    for (String provider : new String[] {"foundry", "legacy"}) {
      settings
          .getJsonObject("providers")
          .getJsonObject(provider)
          .put("retry", new JsonObject().put("delay", "10ms"));
    }
    return settings;
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse(null);
  }

  private void tells(HttpResponse<String> answer, int attempts, boolean noMore) {
    assertThat(header(answer, "X-AI-Attempts")).isEqualTo(Integer.toString(attempts));
    assertThat(header(answer, "x-should-retry")).isEqualTo(noMore ? "false" : null);
    assertThat(calls.getAndSet(0)).isEqualTo(attempts);
  }

  @Test
  void whatBothHaveFailedAtOftenIsOver() throws Exception {
    try (RawOrigin foundry = failing("");
        RawOrigin legacy = failing("");
        RunningProxy proxy =
            RunningProxy.start(wire, settings("foundry", foundry.url(), legacy.url()))) {
      tells(proxy.post(CHAT, "{}", "x-stainless-retry-count", "0"), 8, true);
    }
  }

  @Test
  void theHeadOfAnAnswerTellsIt() throws Exception {
    try (RawOrigin foundry = failing("");
        RunningProxy proxy = RunningProxy.start(wire, settings("foundry", foundry.url(), UNUSED))) {
      HttpRequest.Builder head =
          HttpRequest.newBuilder(
                  URI.create(wire.scheme() + "://127.0.0.1:" + proxy.port() + "/v1/models"))
              .method("HEAD", HttpRequest.BodyPublishers.noBody());
      HttpResponse<String> answer = proxy.send(head);
      assertThat(header(answer, "x-should-retry")).isEqualTo("false");
      assertThat(Integer.parseInt(header(answer, "X-AI-Attempts"))).isGreaterThan(4);
    }
  }

  @Test
  void aLongerWishOfTheProviderIsTheClientsToGrant() throws Exception {
    try (RawOrigin foundry = failing("");
        RawOrigin legacy = failing("retry-after: 60\r\n");
        RunningProxy proxy =
            RunningProxy.start(wire, settings("foundry", foundry.url(), legacy.url()))) {
      HttpResponse<String> answer = proxy.post(CHAT, "{}");
      tells(answer, 5, false);
      assertThat(header(answer, "retry-after")).isEqualTo("60");
    }
  }

  @Test
  void aWishThatWasGrantedInVainIsNot() throws Exception {
    try (RawOrigin legacy = failing("retry-after-ms: 20\r\nx-should-retry: true\r\n");
        RunningProxy proxy = RunningProxy.start(wire, settings("legacy", UNUSED, legacy.url()))) {
      tells(proxy.post(CHAT, "{}"), 4, true);
    }
  }

  @Test
  void afterOneAttemptAClientMayTryAgain() throws Exception {
    JsonObject once = settings("legacy", UNUSED, UNUSED);
    once.put("retryBudget", new JsonObject().put("ratio", 0).put("perSecond", 0));
    try (RawOrigin legacy = failing("");
        RunningProxy proxy = RunningProxy.start(wire, to(once, "legacy", legacy.url()))) {
      tells(proxy.post(CHAT, "{}"), 1, false);
    }
    try (RawOrigin silent = new RawOrigin(RawOrigin.Call::close);
        RunningProxy proxy = RunningProxy.start(wire, to(once, "legacy", silent.url()))) {
      HttpResponse<String> ours = proxy.post(CHAT, "{}");
      assertThat(ours.body()).contains("FOUNDRY_UNAVAILABLE");
      assertThat(header(ours, "X-AI-Attempts")).isEqualTo("1");
      assertThat(header(ours, "x-should-retry")).isNull();
    }
  }

  private static JsonObject to(JsonObject settings, String provider, String url) {
    settings.getJsonObject("providers").getJsonObject(provider).put("url", url);
    return settings;
  }

  @Test
  void whatWeNeverRepeatAClientMay() throws Exception {
    JsonObject unsent = new JsonObject().put("match", "POST " + CHAT).put("replay", "unsent");
    try (RawOrigin legacy = failing("");
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                settings("foundry", UNUSED, legacy.url())
                    .put("routes", new JsonArray().add(unsent)))) {
      HttpResponse<String> answer = proxy.post(CHAT, "{}");
      assertThat(header(answer, "X-AI-Attempts")).as("Foundry takes no connection").isEqualTo("2");
      assertThat(header(answer, "x-should-retry")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void aClientThatRepeatsGetsOneAttemptAtEach(String count) throws Exception {
    try (RawOrigin foundry = failing("retry-after-ms: 20\r\n");
        RawOrigin legacy = failing("");
        RunningProxy proxy =
            RunningProxy.start(wire, settings("foundry", foundry.url(), legacy.url()))) {
      tells(proxy.post(CHAT, "{}", "x-stainless-retry-count", count), 2, true);
    }
  }

  @Test
  void itsFailoverStays() throws Exception {
    try (RawOrigin foundry = failing("");
        RawOrigin legacy =
            new RawOrigin(
                call -> {
                  calls.incrementAndGet();
                  call.send(GOOD);
                });
        RunningProxy proxy =
            RunningProxy.start(wire, settings("foundry", foundry.url(), legacy.url()))) {
      HttpResponse<String> answer = proxy.post("/route", "{}", "x-stainless-retry-count", "1");
      assertThat(answer.statusCode()).isEqualTo(200);
      tells(answer, 2, false);
      answer = proxy.post("/route", "{}");
      assertThat(answer.statusCode()).isEqualTo(200);
      tells(answer, 5, false);
    }
  }

  @Test
  void anAgentsCallerIsToldTheSame() throws Exception {
    try (RawOrigin foundry = failing("retry-after: 60\r\n");
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                settings("foundry", foundry.url(), UNUSED)
                    .put("fallback", new JsonObject().put("enabled", false)))) {
      HttpResponse<String> answer = proxy.post("/v1/agents/fan_message", "{\"prompt\": \"x\"}");
      assertThat(header(answer, "retry-after")).isEqualTo("60");
      tells(answer, 1, false);
    }
    try (RawOrigin foundry = failing("");
        RawOrigin legacy = failing("");
        RunningProxy proxy =
            RunningProxy.start(wire, settings("foundry", foundry.url(), legacy.url()))) {
      HttpResponse<String> answer = proxy.post("/v1/agents/fan_message", "{\"prompt\": \"x\"}");
      assertThat(answer.body()).contains("FALLBACK_FAILED");
      tells(answer, 8, true);
    }
  }

  @Test
  void whoWasRefusedBeforeAnybodyWasAskedMayComeBackSoon() throws IOException {
    JsonObject full = settings("legacy", UNUSED, UNUSED);
    full.put("server", new JsonObject().put("maxConnections", 1));
    try (RunningProxy proxy = RunningProxy.start(wire, full);
        TextClient first = proxy.client()) {
      first.send("GET /readyz HTTP/1.1\r\nHost: p\r\n\r\n");
      first.readUntil("ready\n");
      try (TextClient second = proxy.client()) {
        second.send("POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}");
        String answer = second.readUntil("OVERLOADED").toLowerCase(Locale.ROOT);
        assertThat(answer)
            .contains("retry-after: 1")
            .doesNotContain("x-should-retry", "x-ai-attempts");
      }
    }
  }
}
