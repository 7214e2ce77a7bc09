package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The effects of a changed configuration while the proxy runs, and the things that it leaves alone.
 */
class ReloadIT {
  private final RawOrigin foundry = naming("foundry");
  private final RawOrigin legacy = naming("legacy");
  private final RawOrigin other = naming("other");
  private RunningProxy proxy;

  private static RawOrigin naming(String name) {
    return new RawOrigin(
        call ->
            call.send(
                "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s".formatted(name.length(), name)));
  }

  private void start(JsonObject configuration) {
    proxy = RunningProxy.start(configuration);
  }

  private void start(String mode) {
    start(RunningProxy.before(mode, foundry.url(), legacy.url()));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    foundry.close();
    legacy.close();
    other.close();
  }

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }

  private JsonObject applied(String changes) {
    JsonObject result = proxy.reload(json(changes));
    assertThat(result.getString("result")).as(result.encode()).isEqualTo("applied");
    return result;
  }

  private List<String> refused(String changes) {
    JsonObject result = proxy.reload(json(changes));
    assertThat(result.getString("result")).as(result.encode()).isEqualTo("refused");
    return result.getJsonArray("problems").stream()
        .map(problem -> ((JsonObject) problem).getString("sentence"))
        .toList();
  }

  private String asked() throws IOException {
    return proxy.post("/route", "{\"prompt\":\"hi\"}").body();
  }

  private JsonObject state() throws IOException {
    return new JsonObject(proxy.admin("GET", "/api/v1/canary", null).body());
  }

  private JsonObject lastTransition() throws IOException {
    JsonArray all = new JsonArray(proxy.admin("GET", "/api/v1/transitions", null).body());
    return all.getJsonObject(all.size() - 1);
  }

  private String metric(String name) throws IOException {
    return proxy
        .admin("GET", "/metrics", null)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .findFirst()
        .orElse(name + " none");
  }

  @Test
  void sendsRequestsWhereTheModeSays() throws IOException {
    start("foundry");
    assertThat(asked()).isEqualTo("foundry");
    assertThat(applied("{'provider': 'legacy'}").getJsonArray("changes"))
        .containsExactly(
            json(
                "{'path': 'provider', 'before': '\\'foundry\\'', 'after': '\\'legacy\\''}"
                    .replace("\\'", "\\\"")));
    assertThat(asked()).isEqualTo("legacy");
    assertThat(state().getString("mode")).isEqualTo("legacy");
    applied("{'provider': 'foundry'}");
    assertThat(asked()).isEqualTo("foundry");
  }

  /** No reload opens what a start would have refused to open. */
  @Test
  void theDoorToPaidModelsIsNotOpenedByAReload() throws IOException {
    JsonObject before = RunningProxy.before("foundry", foundry.url(), legacy.url());
    before
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("headers", new JsonObject().put("X-API-Key", "hunter2"));
    start(
        before
            .mergeIn(json("{'server': {'host': '0.0.0.0'}}"), true)
            .put("auth", json("{'open': true}")));
    assertThat(refused("{'auth': {'open': false}}"))
        .singleElement()
        .asString()
        .startsWith("auth.required: false (expected: true, because server.host 0.0.0.0")
        .doesNotContain("hunter2");
    assertThat(asked()).isEqualTo("foundry");
  }

  @Test
  void anAnswerUnderWayEndsWhereItBegan() throws Exception {
    CountDownLatch finish = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (RawOrigin slow =
        new RawOrigin(
            call -> {
              call.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nsl");
              begun.countDown();
              finish.await();
              call.send("ow");
            })) {
      start(RunningProxy.before("foundry", slow.url(), legacy.url()));
      CompletableFuture<HttpResponse<String>> first =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return proxy.get("/route/x");
                } catch (IOException failure) {
                  throw new AssertionError(failure);
                }
              });
      assertThat(begun.await(90, TimeUnit.SECONDS)).isTrue();
      applied("{'providers': {'foundry': {'url': '%s'}}}".formatted(other.url()));
      assertThat(asked()).isEqualTo("other");
      finish.countDown();
      assertThat(first.get(90, TimeUnit.SECONDS).body()).isEqualTo("slow");
      // Nobody needs the old place any more.
      assertThat(slow.nextClosed(10_000)).isNotNull();
    }
  }

  @Test
  void keepsTheConnectionsOfAProviderThatStays() throws Exception {
    start("foundry");
    asked();
    int before = foundry.connections();
    applied(
        "{'timeouts': {'stream': '5m'}, 'providers': {'legacy': {'url': '%s'}}}"
            .formatted(other.url()));
    asked();
    assertThat(foundry.connections()).isEqualTo(before);
  }

  @Test
  void aRevokedKeyIsRefusedOnTheConnectionThatUsedIt() throws IOException {
    String key = "{'id': '%s', 'sha256': '%s'}";
    String web = key.formatted("web", sha256("web-key"));
    String app = key.formatted("app", sha256("app-key"));
    start(
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .put("server", new JsonObject().put("eventLoops", 1))
            .mergeIn(json("{'auth': {'required': true, 'keys': [%s, %s]}}".formatted(web, app))));
    assertThat(proxy.post("/route", "{}", "X-API-Key", "web-key").statusCode()).isEqualTo(200);
    applied("{'auth': {'keys': [%s]}}".formatted(app));
    assertThat(proxy.post("/route", "{}", "X-API-Key", "web-key").statusCode()).isEqualTo(401);
    assertThat(proxy.post("/route", "{}", "X-API-Key", "app-key").statusCode()).isEqualTo(200);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes("UTF-8")));
    } catch (Exception impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void whatAKeyHasUsedOfItsRateStaysUsed() throws IOException {
    String keys = "{'id': 'web', 'sha256': '%s', 'perSecond': 1}".formatted(sha256("web-key"));
    start(
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .mergeIn(json("{'auth': {'keys': [%s]}, 'limits': {'burst': 2}}".formatted(keys))));
    proxy.post("/route", "{}", "X-API-Key", "web-key");
    proxy.post("/route", "{}", "X-API-Key", "web-key");
    // Another key is no reason to forgive this one.
    applied(
        "{'auth': {'keys': [%s, {'id': 'app', 'sha256': '%s'}]}}"
            .formatted(keys, sha256("app-key")));
    int status = proxy.post("/route", "{}", "X-API-Key", "web-key").statusCode();
    assertThat(List.of(200, 429)).contains(status);
    boolean refusedSoon =
        status == 429
            || IntStream.range(0, 3)
                .mapToObj(i -> answered("web-key"))
                .anyMatch(answer -> answer == 429);
    assertThat(refusedSoon).isTrue();
  }

  private int answered(String key) {
    try {
      return proxy.post("/route", "{}", "X-API-Key", key).statusCode();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void anOpenBreakerStaysOpenUntilItsProviderMoves() throws IOException {
    start(RunningProxy.before("foundry", "http://127.0.0.1:1", legacy.url()));
    for (int i = 0; i < 6; i++) {
      asked();
    }
    assertThat(metric("rollout_breaker_state{provider=\"foundry\",state=\"open\"}"))
        .endsWith(" 1.0");
    applied("{'timeouts': {'stream': '5m'}}");
    assertThat(metric("rollout_breaker_state{provider=\"foundry\",state=\"open\"}"))
        .endsWith(" 1.0");
    applied("{'providers': {'foundry': {'circuitBreaker': {'maxFailures': 7}}}}");
    assertThat(metric("rollout_breaker_state{provider=\"foundry\",state=\"open\"}"))
        .endsWith(" 1.0");
    applied("{'providers': {'foundry': {'url': '%s'}}}".formatted(foundry.url()));
    assertThat(asked()).isEqualTo("foundry");
  }

  @Test
  void refusesWhatNeedsARestartAsAWhole() throws IOException {
    start("foundry");
    assertThat(
            refused(
                "{'provider': 'legacy', 'server': {'port': 8123, 'eventLoops': 3, 'host': '::1',"
                    + " 'maxHeaderBytes': 16384}, 'admin': {'port': 8124, 'host': '::1'},"
                    + " 'state': {'dir': 'elsewhere'}, 'simulate': {'foundryPort': 0}}"))
        .containsExactly(
            "server.host: ::1 (expected: 127.0.0.1, as at the start: another one needs a restart)",
            "server.port: 8123 (expected: 0, as at the start: another one needs a restart)",
            "server.eventLoops: 3 (expected: 0, as at the start: another one needs a restart)",
            "server.maxHeaderBytes: 16384 (expected: 32768, as at the start: another one needs a"
                + " restart)",
            "admin.host: ::1 (expected: 127.0.0.1, as at the start: another one needs a restart)",
            "admin.port: 8124 (expected: 0, as at the start: another one needs a restart)",
            "state.dir: elsewhere (expected: , as at the start: another one needs a restart)",
            "simulate: changed (expected: as at the start: another one needs a restart)");
    assertThat(asked()).isEqualTo("foundry");
    assertThat(metric("rollout_config_last_reload_successful")).endsWith(" 0.0");
    applied("{'timeouts': {'stream': '5m'}}");
    assertThat(metric("rollout_config_last_reload_successful")).endsWith(" 1.0");
  }

  private static final String LADDER =
      "{'canary': {'stages': [{'phase': 'canary_10', 'percentage': %d, 'bake': '1h'},"
          + " {'phase': 'canary_50', 'percentage': 50, 'bake': '1h'},"
          + " {'phase': 'full', 'percentage': 100}]}}";

  @Test
  void aChangedPercentageIsACommandInTheAudit() throws IOException {
    start(
        RunningProxy.before("canary", foundry.url(), legacy.url())
            .mergeIn(json(LADDER.formatted(10))));
    proxy.admin("POST", "/api/v1/canary/start", null);
    applied(LADDER.formatted(30));
    assertThat(state().getInteger("percentage")).isEqualTo(30);
    assertThat(state().getString("phase")).isEqualTo("canary_10");
    assertThat(lastTransition().getString("actor")).isEqualTo("config");
    assertThat(lastTransition().getString("action")).isEqualTo("set");
    // What the configuration has set it may set again, and a person's share it leaves alone.
    applied(LADDER.formatted(35));
    assertThat(state().getInteger("percentage")).isEqualTo(35);
    proxy.admin(
        "PUT",
        "/api/v1/canary/percentage",
        "{\"percentage\":40}",
        "Content-Type",
        "application/json");
    applied(LADDER.formatted(45));
    assertThat(state().getInteger("percentage")).isEqualTo(40);
  }

  @Test
  void aChangedLadderIsInTheAuditAndKeepsTheShare() throws IOException {
    start(
        RunningProxy.before("canary", foundry.url(), legacy.url())
            .mergeIn(json(LADDER.formatted(10))));
    proxy.admin("POST", "/api/v1/canary/start", null);
    applied(
        "{'canary': {'stages': [{'phase': 'first', 'percentage': 5, 'bake': '1h'},"
            + " {'phase': 'canary_10', 'percentage': 10, 'bake': '1h'},"
            + " {'phase': 'full', 'percentage': 100}]}}");
    assertThat(state().getInteger("percentage")).isEqualTo(10);
    assertThat(state().getInteger("stage")).isEqualTo(1);
    assertThat(lastTransition().getString("sentence"))
        .contains("Configure canary foundry at 10 %", "by config", "first 5 % 1h");
    // The next stage is the new ladder's.
    proxy.admin("POST", "/api/v1/canary/rollback", null);
    applied(LADDER.formatted(10));
    assertThat(state().getString("phase")).isEqualTo("rollback");
    assertThat(lastTransition().getString("action")).isEqualTo("configure");
  }

  @Test
  void whatTheRolloutObjectsToChangesNothing() throws IOException {
    start(
        RunningProxy.before("canary", foundry.url(), legacy.url())
            .mergeIn(json(LADDER.formatted(10)))
            .mergeIn(
                json(
                    "{'health': {'evaluateEvery': '50ms', 'minRequests': 50,"
                        + " 'errorRate': {'limit': 0.05, 'action': 'alert'},"
                        + " 'sequential': {'enabled': false}}, 'fallback': {'enabled': false},"
                        + " 'providers': {'foundry': {'url': 'http://127.0.0.1:1', 'retry': {'max': 0},"
                        + " 'circuitBreaker': {'maxFailures': 1000}}}}"),
                true));
    proxy.admin(
        "PUT",
        "/api/v1/canary/percentage",
        "{\"percentage\":100}",
        "Content-Type",
        "application/json");
    proxy.admin(
        "PUT",
        "/api/v1/canary/percentage",
        "{\"percentage\":10}",
        "Content-Type",
        "application/json");
    proxy.admin("POST", "/api/v1/canary/start", null);
    Waits.until(
        () -> {
          for (int i = 0; i < 100; i++) {
            asked();
          }
          return state().getString("next").contains("5.0 %");
        });
    List<String> why =
        refused(
            LADDER.formatted(40).replace("{'canary'", "{'timeouts': {'stream': '4m'}, 'canary'"));
    assertThat(why).hasSize(1).first().asString().contains("canary: set: unhealthy");
    assertThat(state().getInteger("percentage")).isEqualTo(10);
    assertThat(state().getJsonArray("stages").getJsonObject(0).getInteger("percentage"))
        .isEqualTo(10);
    assertThat(effective("timeouts.stream")).isEqualTo("15m");
    // Lower it may be.
    applied(LADDER.formatted(5));
    assertThat(state().getInteger("percentage")).isEqualTo(5);
  }

  private Object effective(String path) throws IOException {
    JsonArray values =
        new JsonObject(proxy.admin("GET", "/api/v1/config", null).body()).getJsonArray("values");
    return values.stream()
        .map(JsonObject.class::cast)
        .filter(value -> value.getString("path").equals(path))
        .findFirst()
        .orElseThrow()
        .getValue("value");
  }

  @Test
  void anotherLimitJudgesAnew() throws IOException {
    start(
        RunningProxy.before("canary", foundry.url(), legacy.url())
            .mergeIn(json(LADDER.formatted(10)))
            .mergeIn(json("{'health': {'evaluateEvery': '50ms'}}")));
    proxy.admin("POST", "/api/v1/canary/start", null);
    for (int i = 0; i < 60; i++) {
      asked();
    }
    Waits.until(() -> observed() >= 3);
    long before = observed();
    // What has nothing to do with the judge leaves its windows alone, and so do other promotions.
    applied("{'timeouts': {'stream': '5m'}}");
    applied("{'health': {'evaluateEvery': '100ms', 'noDataAfter': '20m'}}");
    Waits.until(() -> observed() >= before);
    applied("{'health': {'latencyP95': {'limit': '3s'}}}");
    Waits.until(() -> observed() == 0);
    for (int i = 0; i < 60; i++) {
      asked();
    }
    Waits.until(() -> observed() >= 3);
    assertThat(observed()).isLessThan(20);
    JsonObject health = new JsonObject(proxy.admin("GET", "/api/v1/metrics", null).body());
    assertThat(health.encode()).contains("\"stale\":[]");
  }

  private long observed() throws IOException {
    return state().getJsonObject("metrics").getJsonObject("foundry").getLong("requestCount");
  }

  @Test
  void letsInWhomTheNewTokenLetsIn() throws IOException {
    String token = "x".repeat(32);
    start("foundry");
    applied("{'admin': {'token': '%s'}}".formatted(token));
    assertThat(proxy.admin("GET", "/api/v1/canary", null).statusCode()).isEqualTo(401);
    assertThat(
            proxy
                .admin("GET", "/api/v1/canary", null, "Authorization", "Bearer " + token)
                .statusCode())
        .isEqualTo(200);
    applied("{'admin': {'token': ''}}");
    assertThat(proxy.admin("GET", "/api/v1/canary", null).statusCode()).isEqualTo(200);
  }

  @Test
  void tellsNewChannelsAndNoOldOnes() throws Exception {
    List<String> first = new CopyOnWriteArrayList<>();
    List<String> second = new CopyOnWriteArrayList<>();
    try (RawOrigin one = taking(first);
        RawOrigin two = taking(second)) {
      start(
          RunningProxy.before("canary", foundry.url(), legacy.url())
              .mergeIn(
                  json(
                      ("{'alerts': {'channels': [{'type': 'slack', 'url': '%s/a',"
                              + " 'minSeverity': 'critical'}]}}")
                          .formatted(one.url()))));
      proxy.admin("POST", "/api/v1/canary/start", null);
      applied(
          "{'alerts': {'channels': [{'type': 'slack', 'url': '%s/b', 'minSeverity': 'critical'}]}}"
              .formatted(two.url()));
      proxy.admin("POST", "/api/v1/canary/rollback", null);
      Waits.until(() -> !second.isEmpty());
      assertThat(first).isEmpty();
    }
  }

  private static RawOrigin taking(List<String> into) {
    return new RawOrigin(
        call -> {
          into.add(call.body());
          call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        });
  }

  @Test
  void tellsOtherVerticlesWhatHasChangedAndWhatNot() throws IOException {
    start("foundry");
    List<JsonObject> changed = new CopyOnWriteArrayList<>();
    List<JsonObject> refused = new CopyOnWriteArrayList<>();
    List<JsonObject> alerts = new CopyOnWriteArrayList<>();
    Map<String, List<JsonObject>> heard =
        Map.of(
            "rollout.config.changed", changed,
            "rollout.config.refused", refused,
            "rollout.alert", alerts);
    heard.forEach(
        (address, list) ->
            proxy
                .vertx()
                .eventBus()
                .<JsonObject>consumer(address, message -> list.add(message.body())));
    applied("{'timeouts': {'stream': '5m'}, 'admin': {'token': 'hunter2'}}");
    applied("{'timeouts': {'stream': '5m'}, 'admin': {'token': ''}}");
    assertThat(refused("{'timeouts': {'steam': '5m'}}"))
        .containsExactly("timeouts.steam: unknown key (did you mean \"stream\"?)");
    Waits.until(() -> changed.size() == 2 && refused.size() == 1 && !alerts.isEmpty());
    assertThat(changed.get(0).encode())
        .contains("timeouts.stream", "15m", "5m", "admin.token")
        .doesNotContain("hunter2");
    assertThat(alerts.get(0).getString("kind")).isEqualTo("configuration_refused");
    assertThat(alerts.get(0).getString("sentence")).contains("timeouts.steam");
    List<String> told = new ArrayList<>();
    changed.forEach(each -> told.add(each.getString("cause")));
    assertThat(told).containsOnly("embedder");
  }

  @Test
  void aReloadWithoutFilesIsRefusedWithThatSentence() throws IOException {
    start("foundry");
    HttpResponse<String> answer = proxy.admin("POST", "/api/v1/config/reload", null);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("configuration: no file");
  }

  @Test
  void tracingAndLinesBeginAndEnd() throws Exception {
    start("foundry");
    List<String> spans = new CopyOnWriteArrayList<>();
    try (RawOrigin collector = taking(spans)) {
      applied(
          "{'tracing': {'otlpEndpoint': '%s', 'sampleRatio': 1}, 'accessLog': {'queue': 10}}"
              .formatted(collector.url()));
      asked();
      Waits.until(() -> !spans.isEmpty());
      applied("{'tracing': {'otlpEndpoint': null}, 'accessLog': {'enabled': false}}");
      assertThat(asked()).isEqualTo("foundry");
    }
  }
}
