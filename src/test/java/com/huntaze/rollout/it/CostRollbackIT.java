package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Costs that the answers themselves tell end a rollout (requirement 4.6, seed Property 6). */
class CostRollbackIT {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

  @TempDir private Path folder;

  private static void answer(RawOrigin.Call call, String body) throws java.io.IOException {
    call.send(HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body);
  }

  private JsonObject configuration(String foundry, String legacy, String limit) throws Exception {
    Path prices = folder.resolve("prices.json");
    Files.writeString(prices, "{\"models\":{\"m\":{\"input\":\"0.0014\",\"output\":\"0.0028\"}}}");
    JsonObject stage = new JsonObject().put("phase", "only").put("percentage", 100);
    return RunningProxy.before("canary", foundry, legacy)
        .put("prices", prices.toString())
        .put(
            "canary",
            new JsonObject().put("autoStart", true).put("stages", new JsonArray().add(stage)))
        .put(
            "health",
            new JsonObject()
                .put("evaluateEvery", "50ms")
                .put("minRequests", 20)
                .put("sequential", new JsonObject().put("enabled", false))
                .put(
                    "costPerRequestUsd",
                    new JsonObject().put("limit", new java.math.BigDecimal(limit))));
  }

  private static JsonObject canary(RunningProxy proxy) throws Exception {
    return new JsonObject(proxy.admin("GET", "/api/v1/canary", null).body());
  }

  @Test
  void rollsBackWhenRequestsCostMoreThanTheirLimitAndNotAtIt() throws Exception {
    String dear = "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50}}";
    try (RawOrigin foundry = new RawOrigin(call -> answer(call, dear));
        RawOrigin legacy = new RawOrigin(call -> answer(call, "{}"))) {
      try (RunningProxy proxy =
          RunningProxy.start(configuration(foundry.url(), legacy.url(), "0.00027"))) {
        post(proxy, 20);
        Waits.until(() -> canary(proxy), state -> state.getString("phase").equals("rollback"));
        String rollbacks = proxy.admin("GET", "/api/v1/rollbacks", null).body();
        assertThat(rollbacks).contains("cost").contains("0.00028");
      }
      // Exactly at its limit nothing is over it.
      try (RunningProxy proxy =
          RunningProxy.start(configuration(foundry.url(), legacy.url(), "0.00028"))) {
        post(proxy, 40);
        Waits.pause(Duration.ofMillis(600));
        JsonObject state = canary(proxy);
        assertThat(state.getString("phase")).isEqualTo("only");
        JsonObject figures = state.getJsonObject("metrics").getJsonObject("foundry");
        assertThat(figures.getDouble("avgCostPerRequest")).isEqualTo(0.00028);
        assertThat(figures.getJsonObject("modelBreakdown").containsKey("m")).isTrue();
      }
    }
  }

  private static void post(RunningProxy proxy, int requests) throws Exception {
    for (int i = 0; i < requests; i++) {
      proxy.post("/route", "{\"prompt\":\"x\"}", "Content-Type", "application/json");
    }
  }
}
