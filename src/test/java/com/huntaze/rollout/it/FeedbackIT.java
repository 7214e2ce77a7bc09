package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers' judgements, from {@code POST /v1/feedback} to the operators' port. */
class FeedbackIT {
  private static final String WEB = "web-key-0123456789";
  private static final String APP = "app-key-0123456789";

  private static void answer(RawOrigin.Call call, String model) throws IOException {
    if (call.body().contains("__down__") && model.equals("new")) {
      call.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
    } else if (call.body().contains("__bad__")) {
      call.send("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n");
    } else {
      String json =
          "{\"model\":\"%s\",\"output\":\"\",\"usage\":{\"prompt_tokens\":1,".formatted(model)
              + "\"completion_tokens\":1}}";
      call.send(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(json.length(), json));
    }
  }

  private static JsonObject configuration(RawOrigin foundry, RawOrigin legacy) {
    JsonObject quick =
        new JsonObject()
            .put("retry", new JsonObject().put("max", 0))
            .put("probe", new JsonObject().put("interval", "1h"));
    return RunningProxy.before("foundry", foundry.url(), legacy.url())
        .mergeIn(new JsonObject().put("providers", new JsonObject().put("foundry", quick)), true)
        .put(
            "server", new JsonObject().put("host", "127.0.0.1").put("port", 0).put("eventLoops", 2))
        .put("admin", new JsonObject().put("port", 0));
  }

  private static JsonObject key(String id, String key, boolean mayOverride) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    return new JsonObject()
        .put("id", id)
        .put("sha256", HexFormat.of().formatHex(hash))
        .put("mayOverride", mayOverride);
  }

  private static String feedback(String id, double score) {
    return new JsonObject().put("correlationId", id).put("score", score).encode();
  }

  private static JsonObject shown(RunningProxy proxy, String by) throws IOException {
    HttpResponse<String> answer = proxy.admin("GET", "/api/v1/feedback?by=" + by, null);
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private static JsonObject error(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getJsonObject("error");
  }

  @Test
  void attributesScoresToWhoeverServedAndShowsBothSidesBySide() throws Exception {
    try (RawOrigin foundry = new RawOrigin(call -> answer(call, "new"));
        RawOrigin legacy = new RawOrigin(call -> answer(call, "old"));
        RunningProxy proxy = RunningProxy.start(configuration(foundry, legacy))) {
      String made =
          proxy
              .post("/v1/agents/fan_message", "{\"prompt\":\"x\"}")
              .headers()
              .firstValue("X-Correlation-ID")
              .orElseThrow();
      String body =
          new JsonObject()
              .put("correlationId", made)
              .put("score", 0.25)
              .put("label", "<script>\"é")
              .encode();
      // A slash at its end changes no path, and no provider sees it.
      HttpResponse<String> taken = proxy.post("/v1/feedback/", body);
      assertThat(taken.statusCode()).isEqualTo(204);
      assertThat(taken.body()).isEmpty();
      assertThat(taken.headers().firstValue("X-Correlation-ID")).isPresent();

      for (int i = 0; i < 10; i++) {
        proxy.post("/route", "{}", "X-Correlation-ID", "f" + i);
        proxy.post("/route", "{\"prompt\":\"__down__\"}", "X-Correlation-ID", "l" + i);
        assertThat(proxy.post("/v1/feedback", feedback("f" + i, i / 10.0)).statusCode())
            .isEqualTo(204);
        assertThat(proxy.post("/v1/feedback", feedback("l" + i, 1)).statusCode()).isEqualTo(204);
      }
      // The last word counts, and saying it twice changes nothing.
      proxy.post("/v1/feedback", feedback("f0", 0.9));
      proxy.post("/v1/feedback", feedback("f0", 0.9));

      JsonObject providers = shown(proxy, "provider");
      JsonObject total = providers.getJsonObject("total");
      assertThat(total.getJsonObject("foundry").getInteger("count")).isEqualTo(11);
      assertThat(total.getJsonObject("foundry").getDouble("mean"))
          .isCloseTo((4.5 + 0.9 + 0.25) / 11, org.assertj.core.api.Assertions.within(1e-9));
      assertThat(total.getJsonObject("foundry").getString("method")).isEqualTo("student-t");
      assertThat(total.getJsonObject("legacy").getInteger("count")).isEqualTo(10);
      assertThat(total.getJsonObject("legacy").getDouble("mean")).isEqualTo(1.0);
      assertThat(total.getJsonObject("legacy").getString("method")).isEqualTo("wilson");
      assertThat(total.getJsonObject("legacy").getJsonArray("interval").getDouble(0))
          .isBetween(0.7, 0.75);
      assertThat(total.getJsonObject("difference").getDouble("mean")).isNegative();
      assertThat(total.getJsonObject("difference").getJsonArray("interval").getDouble(1))
          .isNegative();
      assertThat(providers.getJsonObject("labels").getJsonObject("foundry"))
          .isEqualTo(new JsonObject().put("<script>\"é", 1));
      assertThat(shown(proxy, "model").getJsonArray("rows").stream())
          .extracting(row -> ((JsonObject) row).getString("model"))
          .containsExactly("new", "old");
      assertThat(shown(proxy, "agent").encode()).contains("\"agent\":\"messaging\"");

      String metrics =
          Waits.until(
              () -> proxy.admin("GET", "/metrics", null).body(),
              seen -> seen.contains("rollout_feedback_total{provider=\"foundry\"} 13.0"));
      assertThat(metrics)
          .contains(
              "rollout_feedback_total{provider=\"foundry\"} 13.0",
              "rollout_feedback_total{provider=\"legacy\"} 10.0",
              "rollout_feedback_exchanges{provider=\"legacy\"} 10.0",
              "rollout_feedback_score{provider=\"legacy\"} 1.0")
          .doesNotContain("script");
      // No provider ever heard of it.
      String heads = "";
      for (String head = foundry.nextHead(0); head != null; head = foundry.nextHead(0)) {
        heads += head;
      }
      assertThat(heads).contains("POST /route").doesNotContain("/v1/feedback");
    }
  }

  @Test
  void refusesInTheShapeOfAllErrorsAndGoesOn() throws Exception {
    try (RawOrigin foundry = new RawOrigin(call -> answer(call, "new"));
        RawOrigin legacy = new RawOrigin(call -> answer(call, "old"));
        RunningProxy proxy = RunningProxy.start(configuration(foundry, legacy))) {
      proxy.post("/route", "{}", "X-Correlation-ID", "good");
      proxy.post("/route", "{\"prompt\":\"__bad__\"}", "X-Correlation-ID", "bad");

      HttpResponse<String> wrong = proxy.post("/v1/feedback", feedback("good", 1.5));
      assertThat(wrong.statusCode()).isEqualTo(400);
      assertThat(error(wrong).getString("code")).isEqualTo("BAD_REQUEST");
      assertThat(error(wrong).getString("message"))
          .isEqualTo("score: 1.5 (expected: a number from 0 to 1)");

      for (String unknown : List.of("never", "bad")) {
        HttpResponse<String> answer = proxy.post("/v1/feedback", feedback(unknown, 1));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(error(answer).getString("code")).isEqualTo("NOT_FOUND");
      }

      for (String head :
          List.of("Content-Length: 4097\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2000\r\n")) {
        try (RawClient client = new RawClient(proxy.port())) {
          client.send("POST /v1/feedback HTTP/1.1\r\nHost: p\r\n" + head + "x".repeat(4_097));
          assertThat(client.readUntil("}}"))
              .startsWith("HTTP/1.1 413")
              .contains("body: over 4096 bytes");
        }
      }
      try (RawClient client = new RawClient(proxy.port())) {
        client
            .send("POST /v1/feedback HTTP/1.1\r\nHost: p\r\nContent-Length: 40\r\n\r\n{")
            .hangUp();
      }
      assertThat(proxy.admin("GET", "/api/v1/feedback?by=key%0a", null).statusCode())
          .isEqualTo(400);

      assertThat(proxy.post("/v1/feedback?x=1", feedback("good", 1)).statusCode()).isEqualTo(204);
      assertThat(shown(proxy, "provider").getJsonArray("rows").size()).isEqualTo(1);
    }
  }

  @Test
  void aKeyRatesWhatItAskedForAndNothingElse() throws Exception {
    try (RawOrigin foundry = new RawOrigin(call -> answer(call, "new"));
        RawOrigin legacy = new RawOrigin(call -> answer(call, "old"));
        RunningProxy proxy =
            RunningProxy.start(
                configuration(foundry, legacy)
                    .put(
                        "auth",
                        new JsonObject()
                            .put("required", true)
                            .put(
                                "keys",
                                new JsonArray()
                                    .add(key("web", WEB, false))
                                    .add(key("app", APP, true)))))) {
      proxy.post("/route", "{}", "X-API-Key", WEB, "X-Correlation-ID", "id");
      proxy.post(
          "/route", "{}", "X-API-Key", APP, "X-Correlation-ID", "id", "X-AI-Provider", "legacy");
      proxy.post("/route", "{}", "X-API-Key", APP, "X-Correlation-ID", "apps");
      String body = feedback("id", 0);
      assertThat(proxy.post("/v1/feedback", body).statusCode()).isEqualTo(401);
      assertThat(proxy.post("/v1/feedback", body, "X-API-Key", "x").statusCode()).isEqualTo(401);
      assertThat(proxy.post("/v1/feedback", feedback("apps", 0), "X-API-Key", WEB).statusCode())
          .isEqualTo(404);
      assertThat(proxy.post("/v1/feedback", body, "X-API-Key", WEB).statusCode()).isEqualTo(204);
      assertThat(
              shown(proxy, "provider")
                  .getJsonObject("total")
                  .getJsonObject("legacy")
                  .getInteger("count"))
          .isZero();
      assertThat(proxy.post("/v1/feedback", body, "X-API-Key", APP).statusCode()).isEqualTo(204);
      JsonObject total = shown(proxy, "provider").getJsonObject("total");
      assertThat(total.getJsonObject("foundry").getInteger("count")).isEqualTo(1);
      assertThat(total.getJsonObject("legacy").getInteger("count")).isEqualTo(1);
    }
  }

  @Test
  void worksInTheJarAlsoForAStreamThatItsClientStopped(@TempDir Path folder) throws Exception {
    String piece = "data: {\"model\":\"s\",\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}\n\n";
    try (RawOrigin foundry =
            new RawOrigin(
                call -> {
                  call.send(
                      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                          + "Transfer-Encoding: chunked\r\n\r\n"
                          + Integer.toHexString(piece.length())
                          + "\r\n"
                          + piece
                          + "\r\n");
                  call.awaitClose();
                });
        RawOrigin legacy = new RawOrigin(call -> answer(call, "old"))) {
      Path file =
          Files.writeString(
              folder.resolve("proxy.json"),
              configuration(foundry, legacy)
                  .put("state", new JsonObject().put("dir", folder.resolve("state").toString()))
                  .encode());
      try (ProxyProcess proxy =
          ProxyProcess.start(List.of(), Map.of(), "run", "--config", file.toString())) {
        try (RawClient client = new RawClient(proxy.port())) {
          client.send(
              "POST /v1/chat/completions HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: stopped\r\n"
                  + "Content-Length: 2\r\n\r\n{}");
          client.readUntil("1234");
        }
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest rating =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + "/v1/feedback"))
                .POST(HttpRequest.BodyPublishers.ofString(feedback("stopped", 0)))
                .build();
        // The proxy hears of the hang-up in its own time.
        Waits.until(
            () -> http.send(rating, HttpResponse.BodyHandlers.ofString()).statusCode() == 204);
        HttpRequest question =
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:" + proxy.adminPort() + "/api/v1/feedback?by=model"))
                .build();
        JsonObject shown =
            new JsonObject(http.send(question, HttpResponse.BodyHandlers.ofString()).body());
        assertThat(shown.getJsonArray("rows").getJsonObject(0).getString("model")).isEqualTo("s");
        assertThat(shown.getJsonObject("total").getJsonObject("foundry").getInteger("count"))
            .isEqualTo(1);
      }
    }
  }
}
