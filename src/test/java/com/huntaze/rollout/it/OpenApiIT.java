package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The admin port's real answers, held against {@code openapi.json}. */
@Tag("heavy")
class OpenApiIT {
  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String TOKEN = "0123456789-the-admin-token-0123456789";
  private static final String[] JSON = {"Content-Type", "application/json"};
  private static final OpenApi API = OpenApi.read();

  /** A stream that does not end, and what is still being built. */
  private static final Set<String> NOT_ASKED = Set.of("/api/v1/events");

  @TempDir private static Path folder;
  private static RunningProxy proxy;
  private static RunningProxy guarded;

  @BeforeAll
  static void start() throws IOException {
    proxy = RunningProxy.start(simulated().mergeIn(Fleet.alone(folder), true));
    JsonObject admin = new JsonObject().put("port", 0).put("token", TOKEN);
    guarded = RunningProxy.start(RunningProxy.before("canary", UNUSED, UNUSED).put("admin", admin));
    order("POST", "/api/v1/canary/start", null);
    Waits.until(() -> !latest().isEmpty());
    String rating = "{\"correlationId\":\"%s\",\"score\":0.5,\"label\":\"fair\"}";
    String id = latest().get(0).getString("correlationId");
    assertThat(proxy.post("/v1/feedback", rating.formatted(id), JSON).statusCode()).isEqualTo(204);
    Waits.until(() -> health().containsKey("verdict"));
  }

  @AfterAll
  static void stop() {
    proxy.close();
    guarded.close();
  }

  @BeforeEach
  void beAtTheFirstStage() throws IOException {
    order("POST", "/api/v1/canary/reset", null);
    order("POST", "/api/v1/canary/start", null);
  }

  private static JsonObject simulated() {
    return RolloutProcess.stages("1h")
        .put("prices", "conf/prices.json")
        .put(
            "simulate",
            new JsonObject()
                .put("foundryPort", 0)
                .put("legacyPort", 0)
                .put("requestsPerSecond", 20));
  }

  private static List<JsonObject> latest() {
    return body("/api/v1/requests").getJsonArray("requests").stream()
        .map(JsonObject.class::cast)
        .filter(request -> request.getInteger("status") == 200)
        .toList();
  }

  private static JsonObject health() {
    return body("/api/v1/metrics");
  }

  private static JsonObject body(String path) {
    try {
      return new JsonObject(proxy.admin("GET", path, null).body());
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  /** Sends it, and holds the answer against the description. */
  private static HttpResponse<String> order(
      String method, String path, String body, String... headers) throws IOException {
    HttpResponse<String> answer =
        proxy.admin(method, path, body, headers.length == 0 ? JSON : headers);
    API.assertDescribed(method, path, answer);
    return answer;
  }

  static List<String> gets() {
    return API.paths("get").stream().filter(path -> !NOT_ASKED.contains(path)).toList();
  }

  @ParameterizedTest
  @MethodSource("gets")
  void answersAsDescribed(String path) throws Exception {
    HttpResponse<String> answer = order("GET", path, null, "Accept", "*/*");
    assertThat(answer.statusCode()).isEqualTo(200);
    API.assertDescribed("DELETE", path, proxy.admin("DELETE", path, null));
    HttpResponse<String> foreign = proxy.admin("GET", path, null, "Origin", "http://evil.example");
    assertThat(foreign.statusCode()).isEqualTo(403);
    API.assertDescribed("GET", path, foreign);
  }

  @ParameterizedTest
  @MethodSource("gets")
  void asksForTheTokenWhereItIsDescribed(String path) throws Exception {
    HttpResponse<String> answer = guarded.admin("GET", path, null);
    API.assertDescribed("GET", path, answer);
    boolean open = Set.of("/", "/livez", "/readyz", "/dashboard.json").contains(path);
    assertThat(answer.statusCode()).isEqualTo(open ? 200 : 401);
  }

  @Test
  void everyGroupingIsDescribed() throws Exception {
    for (String by : List.of("model", "agent", "tier", "provider", "key", "color")) {
      HttpResponse<String> costs = proxy.admin("GET", "/api/v1/costs?by=" + by, null);
      API.assertDescribed("GET", "/api/v1/costs", costs);
      HttpResponse<String> ratings = proxy.admin("GET", "/api/v1/feedback?by=" + by, null);
      API.assertDescribed("GET", "/api/v1/feedback", ratings);
    }
    assertThat(body("/api/v1/feedback?by=model").getJsonArray("rows")).isNotEmpty();
  }

  @Test
  void everyOrderIsDescribedAndSoIsItsRefusal() throws Exception {
    String reason = "{\"reason\":\"for the test\"}";
    for (String order : List.of("pause", "resume", "advance", "rollback")) {
      assertThat(order("POST", "/api/v1/canary/" + order, reason).statusCode()).isEqualTo(200);
    }
    assertThat(order("POST", "/api/v1/canary/advance", reason).statusCode()).isEqualTo(409);
    assertThat(put("{\"percentage\":50}", JSON).statusCode()).isEqualTo(409);
    // Metrics tell of the rollback, and the evidence of transitions is theirs.
    order("GET", "/api/v1/metrics", null);
    order("GET", "/api/v1/transitions", null);
    assertThat(order("POST", "/api/v1/canary/reset", reason).statusCode()).isEqualTo(200);
    assertThat(put("{\"percentage\":7}", JSON).statusCode()).isEqualTo(200);
    assertThat(put("{\"percentage\":101}", JSON).statusCode()).isEqualTo(400);
    assertThat(put("percentage=7", "Content-Type", "text/plain").statusCode()).isEqualTo(415);
    assertThat(put("{" + " ".repeat(1_048_576) + "}", JSON).statusCode()).isEqualTo(413);
    for (String fault : List.of("cut", "none", "fire")) {
      String body = new JsonObject().put("fault", fault).encode();
      HttpResponse<String> answer = order("POST", "/api/v1/simulate/foundry", body);
      assertThat(answer.statusCode()).isEqualTo(fault.equals("fire") ? 400 : 200);
    }
  }

  private static HttpResponse<String> put(String body, String... headers) throws IOException {
    return order("PUT", "/api/v1/canary/percentage", body, headers);
  }

  @Test
  void whatIsThereOnlyWhenItIsSimulatedIsDescribed() throws Exception {
    String bearer = "Bearer " + TOKEN;
    HttpResponse<String> answer =
        guarded.admin("GET", "/api/v1/simulate", null, "Authorization", bearer);
    assertThat(answer.statusCode()).isEqualTo(404);
    API.assertDescribed("GET", "/api/v1/simulate", answer);
  }

  @Test
  void everyEventIsDescribed() throws Exception {
    Set<String> seen = new TreeSet<>();
    hear(proxy, seen, Set.of("hello", "traffic", "health", "simulation"), this::breakAndRepair);
    JsonObject probed = new JsonObject().put("interval", "100ms").put("timeout", "100ms");
    JsonObject once = new JsonObject().put("max", 0);
    JsonObject gone =
        RunningProxy.canary(UNUSED, UNUSED, 50)
            .mergeIn(
                new JsonObject()
                    .put(
                        "providers",
                        new JsonObject()
                            .put(
                                "foundry", new JsonObject().put("probe", probed).put("retry", once))
                            .put("legacy", new JsonObject().put("retry", once))),
                true);
    try (RunningProxy alone = RunningProxy.start(gone)) {
      Set<String> rest = Set.of("state", "transition", "alert", "breaker", "probe", "config");
      hear(alone, seen, rest, () -> startAndFail(alone));
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(API.events());
  }

  private void breakAndRepair() throws IOException {
    order("POST", "/api/v1/simulate/foundry", "{\"fault\":\"cut\"}");
    order("POST", "/api/v1/simulate/foundry", "{\"fault\":\"none\"}");
  }

  private static void startAndFail(RunningProxy proxy) throws IOException {
    proxy.reload(new JsonObject().put("timeouts", new JsonObject().put("stream", "5m")));
    proxy.reload(new JsonObject().put("timeuts", new JsonObject()));
    proxy.admin("POST", "/api/v1/canary/start", null);
    for (int i = 0; i < 20; i++) {
      proxy.post("/route", "{}");
    }
    proxy.admin("POST", "/api/v1/canary/rollback", null);
  }

  private interface Deed {
    void act() throws IOException;
  }

  /** Listens until all of these were told, and holds each event against the description. */
  private static void hear(RunningProxy proxy, Set<String> seen, Set<String> expected, Deed deed)
      throws IOException {
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 0\r\n\r\n");
      client.readUntil("retry: 2000");
      deed.act();
      while (!seen.containsAll(expected)) {
        client.readUntil("event: ");
        String name = client.readUntil("\n").strip();
        client.readUntil("data: ");
        API.assertEvent(name, new JsonObject(client.readUntil("\n")));
        seen.add(name);
      }
    }
  }

  @Test
  void theDescriptionBites() throws Exception {
    JsonObject state = body("/api/v1/canary");
    assertThat(API.problems("CanaryState", state)).isEmpty();
    assertThat(API.problems("CanaryState", state.copy().put("percentage", 101))).isNotEmpty();
    assertThat(API.problems("CanaryState", state.copy().put("more", 1))).isNotEmpty();
    JsonObject less = state.copy();
    less.remove("epoch");
    assertThat(API.problems("CanaryState", less)).isNotEmpty();
    JsonObject odd = state.copy();
    odd.getJsonObject("metrics").getJsonObject("foundry").put("errorRate", "none");
    assertThat(API.problems("CanaryState", odd)).isNotEmpty();
  }
}
