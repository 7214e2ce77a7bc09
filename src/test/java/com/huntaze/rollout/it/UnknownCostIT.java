package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.cost.Dimension;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cost that is not known is nowhere told as 0: legacy's model has no price, Foundry's has one. A
 * figure of 0 may only stand beside the word that it is none: {@code costKnown}.
 */
class UnknownCostIT {
  private static final Pattern NOTHING = Pattern.compile("\\$?0+(\\.0+)?( USD.*)?");
  private static final Pattern FREE = Pattern.compile("(?<![0-9.])\\$?0(\\.0+)?(?= USD)");

  @TempDir private static Path folder;

  private static RawOrigin foundry;
  private static RawOrigin legacy;
  private static RunningProxy proxy;

  @BeforeAll
  static void start() throws IOException {
    Path prices = folder.resolve("prices.json");
    Files.writeString(prices, "{\"models\": {\"paid\": {\"input\": \"1\", \"output\": \"1\"}}}");
    foundry =
        new RawOrigin(call -> call.send(call.body().contains("fail") ? FAILURE : answer("paid")));
    legacy =
        new RawOrigin(
            call -> call.send(call.body().contains("fail") ? FAILURE : answer("unpriced")));
    proxy =
        RunningProxy.start(
            RunningProxy.canary(foundry.url(), legacy.url(), 50).put("prices", prices.toString()));
    assertThat(proxy.admin("POST", "/api/v1/canary/start", null).statusCode()).isEqualTo(200);
    for (int i = 0; i < 40; i++) {
      proxy.post("/route", "{\"prompt\":\"" + (i % 8 == 7 ? "fail" : "x") + "\"}");
    }
    Waits.until(
        () -> health(),
        state ->
            state.getJsonObject("legacyWindow").getLong("observed") > 0
                && state.getJsonObject("foundryWindow").getLong("costKnown") > 0);
  }

  private static final String FAILURE = "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n";

  private static String answer(String model) {
    String body =
        "{\"model\":\"%s\",\"output\":\"hi\",\"usage\":{\"prompt_tokens\":1}}".formatted(model);
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    foundry.close();
    legacy.close();
  }

  private static JsonObject health() throws IOException {
    return json("/api/v1/metrics");
  }

  private static JsonObject json(String path) throws IOException {
    String body = proxy.admin("GET", path, null).body();
    return body.startsWith("[")
        ? new JsonObject().put("all", new JsonArray(body))
        : new JsonObject(body);
  }

  private static JsonObject asked(String address) {
    Object body = RunningProxy.await(proxy.vertx().eventBus().request(address, null)).body();
    return new JsonObject().put("all", body);
  }

  /** Every place at which a document tells a cost of nothing without saying that it is unknown. */
  private static List<String> free(String path, Object value, Map<String, Object> beside) {
    List<String> found = new ArrayList<>();
    if (value instanceof JsonObject object) {
      object.forEach(
          each -> found.addAll(free(path + "." + each.getKey(), each.getValue(), object.getMap())));
    } else if (value instanceof Map<?, ?> map) {
      found.addAll(free(path, new JsonObject(Map.copyOf(texts(map))), beside));
    } else if (value instanceof Iterable<?> list) {
      int at = 0;
      for (Object each : list) {
        found.addAll(free(path + "[" + at++ + "]", each, Map.of()));
      }
    } else if (isFree(path, value) && !saysSo(beside)) {
      found.add(path + ": " + value);
    }
    return found;
  }

  private static Map<String, Object> texts(Map<?, ?> map) {
    Map<String, Object> texts = new HashMap<>();
    map.forEach(
        (key, value) -> {
          if (value != null) {
            texts.put(key.toString(), value);
          }
        });
    return texts;
  }

  private static boolean isFree(String path, Object value) {
    String name = path.substring(path.lastIndexOf('.') + 1);
    // The wealth is that of the sequential test's bets: evidence, and no money.
    boolean money = !name.equals("costKnown") && !name.startsWith("costWealth");
    boolean cost = name.matches("(?i).*cost.*") && money;
    return value instanceof String text && FREE.matcher(text).find()
        || cost && value != null && NOTHING.matcher(value.toString()).matches();
  }

  /**
   * The flag of the seed's figures, or the count of known costs beside a sum. An error is free, and
   * so is a sum in which nothing is unknown.
   */
  private static boolean saysSo(Map<String, Object> beside) {
    Object known = beside.get("costKnown");
    boolean error = beside.get("status") instanceof Number status && status.intValue() >= 400;
    return error || Boolean.FALSE.equals(known) || isZero(known) || isZero(beside.get("unknown"));
  }

  private static boolean isZero(Object count) {
    return count instanceof Number number && number.longValue() == 0;
  }

  @Test
  void noDocumentOfTheAdminPortTellsItAsNothing() throws Exception {
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/api/v1/canary",
                "/api/v1/transitions",
                "/api/v1/rollbacks",
                "/api/v1/metrics",
                "/api/v1/requests",
                "/api/v1/alerts",
                "/api/v1/providers"));
    for (Dimension dimension : Dimension.values()) {
      paths.add("/api/v1/costs?by=" + dimension.label());
    }
    List<String> found = new ArrayList<>();
    for (String path : paths) {
      assertThat(proxy.admin("GET", path, null).statusCode()).as(path).isEqualTo(200);
      found.addAll(free(path, json(path), Map.of()));
    }
    assertThat(found).isEmpty();
  }

  @Test
  void noMessageOfTheBusTellsItAsNothing() {
    List<JsonObject> published = new ArrayList<>();
    proxy
        .vertx()
        .eventBus()
        .<JsonObject>consumer(CanaryAddresses.HEALTH, said -> published.add(said.body()));
    List<String> found = new ArrayList<>();
    for (String address :
        List.of(
            CanaryAddresses.GET,
            CanaryAddresses.HEALTH_GET,
            CanaryAddresses.TRANSITIONS,
            CanaryAddresses.ALERTS_GET)) {
      found.addAll(free(address, asked(address), Map.of()));
    }
    Waits.until(() -> !published.isEmpty());
    found.addAll(free(CanaryAddresses.HEALTH, published.get(0), Map.of()));
    assertThat(found).isEmpty();
  }

  @Test
  void theFeedOfEventsDoesNot() throws Exception {
    try (RawClient client = new RawClient(proxy.adminPort())) {
      client.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
      String read = client.readUntil("event: health") + client.readUntil("\n\n");
      List<String> found = new ArrayList<>();
      read.lines()
          .filter(line -> line.startsWith("data: {"))
          .forEach(
              line -> found.addAll(free("events", new JsonObject(line.substring(6)), Map.of())));
      assertThat(read).contains("legacyWindow");
      assertThat(found).isEmpty();
    }
  }

  @Test
  void theSeedsFiguresStayNumbersAndSayThatTheyAreNotKnown() throws Exception {
    JsonObject metrics = json("/api/v1/canary").getJsonObject("metrics");
    JsonObject side = metrics.getJsonObject("legacy");
    assertThat(side.getValue("avgCostPerRequest")).isEqualTo(0.0);
    assertThat(side.getBoolean("costKnown")).isFalse();
    assertThat(
            side.getJsonObject("modelBreakdown").getJsonObject("unpriced").getBoolean("costKnown"))
        .isFalse();
    JsonObject known = metrics.getJsonObject("foundry");
    assertThat(known.getDouble("avgCostPerRequest")).isPositive();
    assertThat(known.getBoolean("costKnown")).isTrue();
    JsonObject comparison = health().getJsonObject("comparison");
    assertThat(comparison.containsKey("legacyMeanCost")).isTrue();
    assertThat(comparison.getValue("legacyMeanCost")).isNull();
    assertThat(comparison.getDouble("foundryMeanCost")).isPositive();
  }

  @Test
  void thePrometheusSeriesIsAbsent() throws Exception {
    String text = proxy.admin("GET", "/metrics", null).body();
    assertThat(text)
        .contains("rollout_cost_requests_total{kind=\"unknown\",model=\"unpriced\"")
        .doesNotContainPattern("rollout_cost_usd_total\\{[^}]*provider=\"legacy\"[^}]*\\}")
        .containsPattern("rollout_cost_usd_total\\{[^}]*model=\"paid\"[^}]*\\} [0-9.]*[1-9]");
  }
}
