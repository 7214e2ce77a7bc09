package com.huntaze.rollout.it;

import static com.huntaze.rollout.it.RunningProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.traffic.StickyBuckets;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The effects of the settings of providers, agents and user keys on a request. */
class RoutingIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String[] JSON = {"Content-Type", "application/json"};

  /** Answers with its name, the request line's target and the body. */
  private static RawOrigin echo(String name) {
    return new RawOrigin(
        call -> {
          String text = name + " " + call.head().split(" ")[1] + " " + call.body();
          call.send(
              "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s".formatted(text.length(), text));
        });
  }

  private static RunningProxy canary(RawOrigin foundry, RawOrigin legacy, int percentage) {
    RunningProxy proxy =
        RunningProxy.start(onOneLoop(RunningProxy.before("canary", foundry.url(), legacy.url())));
    JsonObject set = new JsonObject().put("command", "set").put("percentage", percentage);
    await(proxy.vertx().eventBus().request("rollout.canary.command", set));
    if (percentage > 0) {
      awaitShare(proxy);
    }
    return proxy;
  }

  private static JsonObject onOneLoop(JsonObject configuration) {
    return configuration.put("server", new JsonObject().put("eventLoops", 1));
  }

  /** Until the one event loop has heard of the share. */
  private static void awaitShare(RunningProxy proxy) {
    String user = userIn(0, 100);
    Waits.until(
        () -> proxy.post("/route", "{}", "X-User-ID", user).body(),
        body -> body.startsWith("foundry"));
  }

  /** A user whose bucket lies in the range, in basis points. */
  private static String userIn(int from, int to) {
    return IntStream.range(0, 1_000_000)
        .mapToObj(i -> "user-" + i)
        .filter(user -> StickyBuckets.bucket("rollout", user) >= from)
        .filter(user -> StickyBuckets.bucket("rollout", user) < to)
        .findFirst()
        .orElseThrow();
  }

  private static JsonObject foundrySettings(JsonObject configuration) {
    return configuration.getJsonObject("providers").getJsonObject("foundry");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions?a=1, /base/openai/v1/chat/completions?a=1",
    "/old/x, /base/new/x",
    "/v1, /base/v1",
    "/route, /base/route",
    "/x/v1/y, /base/x/v1/y"
  })
  void putsTheUrlsPathBeforeAndRewritesPrefixes(String asked, String reached) throws Exception {
    JsonArray rewrites =
        new JsonArray()
            .add(new JsonObject().put("from", "/v1/").put("to", "/openai/v1/"))
            .add(new JsonObject().put("from", "/old").put("to", "/new"));
    try (RawOrigin origin = echo("foundry")) {
      JsonObject configuration = RunningProxy.before("foundry", origin.url() + "/base", UNUSED);
      foundrySettings(configuration).put("rewrites", rewrites);
      try (RunningProxy proxy = RunningProxy.start(configuration)) {
        assertThat(proxy.get(asked).body()).isEqualTo("foundry " + reached + " ");
      }
    }
  }

  @Test
  void setsAProvidersHeadersInPlaceOfTheClientsAndSendsNoEmptyOnes() throws Exception {
    JsonObject headers =
        new JsonObject().put("X-API-Key", "ours").put("X-Team", "ai").put("X-Empty", "");
    try (RawOrigin origin = echo("foundry")) {
      JsonObject configuration = RunningProxy.before("foundry", origin.url(), UNUSED);
      foundrySettings(configuration).put("headers", headers);
      try (RunningProxy proxy = RunningProxy.start(configuration)) {
        proxy.get("/x", "X-API-Key", "theirs", "X-Team", "spoofed", "Authorization", "Bearer t");
        assertThat(origin.nextHead())
            .contains("X-API-Key: ours\n", "X-Team: ai\n")
            .doesNotContainIgnoringCase("x-empty")
            .doesNotContain("theirs", "spoofed", "Bearer");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"foundry, foundry", "canary, foundry", "legacy, legacy"})
  void asksForHealthWhereTheModeSays(String mode, String provider) throws Exception {
    try (RawOrigin foundry = echo("foundry");
        RawOrigin legacy = echo("legacy");
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before(mode, foundry.url(), legacy.url()))) {
      assertThat(proxy.get("/health").body()).isEqualTo(provider + " /health ");
      assertThat(proxy.get("/health").headers().firstValue("X-AI-Provider")).contains(provider);
    }
  }

  @Test
  void sendsAnAgentsRequestToItsPathWithItsHint() throws Exception {
    try (RawOrigin origin = echo("foundry");
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("foundry", origin.url(), UNUSED))) {
      assertThat(proxy.post("/v1/agents/fan_message", "{\"prompt\":\"hi\"}", JSON).body())
          .isEqualTo("foundry /route {\"type_hint\":\"chat\",\"prompt\":\"hi\"}");
      assertThat(proxy.post("/v1/agents/analyze_performance?x=1", " { } ", JSON).body())
          .isEqualTo("foundry /route?x=1  {\"type_hint\":\"math\" } ");
      assertThat(proxy.post("/v1/agents/optimize_sales", "{\"a\":1}", JSON).body())
          .contains("\"type_hint\":\"creative\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type_hint\":\"code\",\"prompt\":\"hi\"}",
        "{\"prompt\":{\"type_hint\":\"x\"},\"type_hint\":\"code\"}",
        "{\"type_hint\":null,\"prompt\":\"hi\"}",
        "{\"prompt\":\"hi\",\"type_hint\":[1]}"
      })
  void leavesAHintThatTheCallerGave(String body) throws Exception {
    try (RawOrigin origin = echo("foundry");
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("foundry", origin.url(), UNUSED))) {
      assertThat(proxy.post("/v1/agents/fan_message", body, JSON).body())
          .isEqualTo("foundry /route " + body);
    }
  }

  @Test
  void givesNoHintForAnAgentThatHasNone() throws Exception {
    JsonObject agent =
        new JsonObject().put("requestTypes", new JsonArray().add("plain")).put("path", "/plain");
    try (RawOrigin origin = echo("foundry");
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.before("foundry", origin.url(), UNUSED)
                    .put("agents", new JsonObject().put("plain", agent)))) {
      assertThat(proxy.post("/v1/agents/plain", "{\"prompt\":\"hi\"}", JSON).body())
          .isEqualTo("foundry /plain {\"prompt\":\"hi\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "", "fan_message/x", "FAN_MESSAGE", "fan%2Fmessage"})
  void answersAnUnknownRequestTypeInOurOwnBody(String type) throws Exception {
    try (RawOrigin origin = echo("foundry");
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("foundry", origin.url(), UNUSED))) {
      HttpResponse<String> answer = proxy.post("/v1/agents/" + type, "{}", JSON);
      assertThat(answer.statusCode()).isEqualTo(404);
      JsonObject body = new JsonObject(answer.body());
      assertThat(body.getBoolean("success")).isFalse();
      JsonObject error = body.getJsonObject("error");
      assertThat(error.getString("code")).isEqualTo("NOT_FOUND");
      assertThat(error.getString("message")).startsWith("request type: unknown");
      assertThat(error.getString("correlationId"))
          .isEqualTo(answer.headers().firstValue("X-Correlation-ID").orElseThrow());
      assertThat(origin.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "text", "", "5"})
  void refusesAnAgentsBodyThatIsNoObject(String body) throws Exception {
    try (RawOrigin origin = echo("foundry");
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("foundry", origin.url(), UNUSED))) {
      HttpResponse<String> answer = proxy.post("/v1/agents/fan_message", body, JSON);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("BAD_REQUEST", "body: not a JSON object");
    }
  }

  @Test
  void keepsUnlistedRequestsWithoutAUserOnLegacyUntilFoundryHasEverything() throws Exception {
    try (RawOrigin foundry = echo("foundry");
        RawOrigin legacy = echo("legacy")) {
      try (RunningProxy proxy = canary(foundry, legacy, 99)) {
        for (int i = 0; i < 50; i++) {
          assertThat(proxy.get("/static/" + i).body()).startsWith("legacy");
          assertThat(proxy.post("/other", "{}", JSON).body()).startsWith("legacy");
        }
        String user = userIn(0, 9_900);
        assertThat(proxy.get("/static/x", "X-User-ID", user).body()).startsWith("foundry");
      }
      try (RunningProxy proxy = canary(foundry, legacy, 100)) {
        assertThat(proxy.get("/static/x").body()).startsWith("foundry");
        assertThat(proxy.post("/other", "{}", JSON).body()).startsWith("foundry");
      }
    }
  }

  @Test
  void readsTheUserKeyFromTheBodysFields() throws Exception {
    String in = userIn(0, 5_000);
    String out = userIn(5_000, 10_000);
    try (RawOrigin foundry = echo("foundry");
        RawOrigin legacy = echo("legacy");
        RunningProxy proxy = canary(foundry, legacy, 50)) {
      for (String field : new String[] {"user", "creatorId"}) {
        assertServed(proxy, new JsonObject().put("prompt", "x").put(field, in), "foundry");
        assertServed(proxy, new JsonObject().put("prompt", "x").put(field, out), "legacy");
      }
      // The first configured field wins wherever it stands, an empty one is none.
      assertServed(proxy, new JsonObject().put("creatorId", out).put("user", in), "foundry");
      assertServed(proxy, new JsonObject().put("user", " ").put("creatorId", out), "legacy");
      String body = new JsonObject().put("user", in).encode();
      HttpResponse<String> header =
          proxy.post("/route", body, "Content-Type", "application/json", "X-User-ID", out);
      assertThat(header.body()).startsWith("legacy");
    }
  }

  private static void assertServed(RunningProxy proxy, JsonObject body, String provider)
      throws IOException {
    for (int time = 0; time < 4; time++) {
      HttpResponse<String> answer = proxy.post("/route", body.encode(), JSON);
      assertThat(answer.body()).startsWith(provider + " /route");
      assertThat(answer.headers().firstValue("X-AI-Provider")).contains(provider);
      assertThat(answer.headers().firstValue("X-AI-Reason").map(it -> it.toLowerCase(Locale.ROOT)))
          .contains("sticky");
    }
  }

  @Test
  void readsAWholeNumberAsAUserKey() throws Exception {
    int in =
        IntStream.range(0, 1_000)
            .filter(id -> StickyBuckets.bucket("rollout", Integer.toString(id)) < 5_000)
            .findFirst()
            .orElseThrow();
    try (RawOrigin foundry = echo("foundry");
        RawOrigin legacy = echo("legacy");
        RunningProxy proxy = canary(foundry, legacy, 50)) {
      assertServed(proxy, new JsonObject().put("creatorId", in), "foundry");
    }
  }

  @Test
  void readsTheConfiguredFieldsOnly() throws Exception {
    String in = userIn(0, 5_000);
    String out = userIn(5_000, 10_000);
    try (RawOrigin foundry = echo("foundry");
        RawOrigin legacy = echo("legacy")) {
      JsonObject configuration =
          onOneLoop(RunningProxy.canary(foundry.url(), legacy.url(), 50))
              .put("userKeyFields", new JsonArray().add("account"));
      try (RunningProxy proxy = RunningProxy.start(configuration)) {
        await(
            proxy
                .vertx()
                .eventBus()
                .request("rollout.canary.command", new JsonObject().put("command", "start")));
        awaitShare(proxy);
        assertServed(proxy, new JsonObject().put("user", out).put("account", in), "foundry");
        assertServed(proxy, new JsonObject().put("user", in).put("account", out), "legacy");
      }
    }
  }

  @Test
  void keepsAUserOnOneSideWhetherTheHeaderOrTheBodyNamesIt() throws Exception {
    String user =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "zażółć-" + i)
            .filter(name -> StickyBuckets.bucket("rollout", name) < 5_000)
            .filter(name -> StickyBuckets.bucket("rollout", asHeader(name)) >= 5_000)
            .findFirst()
            .orElseThrow();
    String body = "{\"user\":\"" + user + "\"}";
    try (RawOrigin foundry = echo("foundry");
        RawOrigin legacy = echo("legacy");
        RunningProxy proxy = canary(foundry, legacy, 50);
        RawClient client = new RawClient(proxy.port())) {
      assertThat(proxy.post("/route", body, JSON).body()).startsWith("foundry");
      client.send(
          "POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\nX-User-ID: %s\r\n\r\n{}"
              .formatted(asHeader(user)));
      assertThat(client.readUntil("{}")).contains("X-AI-Provider: foundry");
    }
  }

  /** The characters that stand for the UTF-8 bytes of a text on the wire. */
  private static String asHeader(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void sendsAnAbsoluteTargetInOriginForm() throws Exception {
    try (RawOrigin foundry = echo("foundry");
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("foundry", foundry.url(), UNUSED));
        RawClient client = new RawClient(proxy.port())) {
      client.send("GET http://elsewhere/x?y=1 HTTP/1.1\r\nHost: elsewhere\r\n\r\n");
      assertThat(client.readUntil("foundry ")).startsWith("HTTP/1.1 200");
      assertThat(foundry.nextHead()).startsWith("GET /x?y=1 HTTP/1.1\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"route", "/\u00c3\u00a9"})
  void refusesATargetThatIsNoPath(String target) throws Exception {
    try (RawOrigin foundry = echo("foundry");
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("foundry", foundry.url(), UNUSED));
        RawClient client = new RawClient(proxy.port())) {
      client.send("GET " + target + " HTTP/1.1\r\nHost: p\r\n\r\n");
      assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 400").contains("BAD_REQUEST");
      assertThat(foundry.nextHead(100)).isNull();
    }
  }
}
