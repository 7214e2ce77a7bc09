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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The packaged jar's books: a line in the access log for every request, however it ended, and costs
 * that add up to those of the lines, also over a restart. Secrets are planted wherever a client or
 * a provider can put some.
 */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class BooksIT {
  @Parameter Wire wire;

  private static final String KEY = "sk-live-PLANTED-key-1234567890";
  private static final String SECRET = "PLANTED";

  @TempDir private Path folder;

  /** Answers as the prompt says. */
  private static void answer(RawOrigin.Call call) throws IOException {
    String body = call.body();
    if (body.contains("__down__") || call.head().contains("__down__")) {
      call.send("HTTP/1.1 503 PLANTED\r\nX-Secret: PLANTED\r\nContent-Length: 7\r\n\r\nPLANTED");
    } else if (body.contains("__cut__")) {
      call.send(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      String piece =
          "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"12345678\"}}]}\n\n";
      call.send(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
      call.reset();
    } else if (body.contains("__hang__")) {
      String piece =
          "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"1234\"}}],"
              + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1}}\n\n";
      call.send(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      call.send(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
      call.awaitClose();
    } else {
      String model = body.contains("__unpriced__") ? "x" : "m";
      String usage =
          body.contains("__unused__")
              ? "null"
              : "{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150}";
      String json =
          "{\"model\":\"%s\",\"deployment\":\"d\",\"region\":\"r\",\"output\":\"%s\",\"usage\":%s}"
              .formatted(model, SECRET, usage);
      call.send(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: s=PLANTED\r\n"
              + "Content-Length: "
              + json.length()
              + "\r\n\r\n"
              + json);
    }
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private Path configuration(RawOrigin foundry, RawOrigin legacy) throws Exception {
    Path prices = folder.resolve("prices.json");
    Files.writeString(prices, "{\"models\":{\"m\":{\"input\":\"0.0014\",\"output\":\"0.0028\"}}}");
    JsonObject retry = new JsonObject().put("max", 1).put("delay", "10ms");
    JsonObject quiet = new JsonObject().put("path", "/health").put("interval", "1h");
    return ProxyProcess.configuration(
        RunningProxy.before("foundry", foundry.url(), legacy.url())
            .mergeIn(
                new JsonObject()
                    .put("server", wire.server().put("host", "127.0.0.1").put("port", 0))
                    .put("admin", new JsonObject().put("port", 0).put("token", "admin-PLANTED"))
                    .put("prices", prices.toString())
                    .put("state", new JsonObject().put("dir", folder.resolve("state").toString()))
                    .put("drain", new JsonObject().put("delay", "0s"))
                    .put(
                        "providers",
                        new JsonObject()
                            .put(
                                "foundry",
                                new JsonObject()
                                    .put("retry", retry)
                                    .put("probe", quiet)
                                    .put(
                                        "headers",
                                        new JsonObject().put("X-API-Key", "router-PLANTED"))))
                    .put(
                        "auth",
                        new JsonObject()
                            .put("required", true)
                            .put(
                                "keys",
                                new JsonArray()
                                    .add(
                                        new JsonObject()
                                            .put("id", "web")
                                            .put("tier", "vip")
                                            .put("sha256", sha256(KEY))))),
                true)
            .encode());
  }

  private static HttpResponse<String> admin(ProxyProcess proxy, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.adminPort() + path))
            .header("Authorization", "Bearer admin-PLANTED")
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static JsonObject costs(ProxyProcess proxy, String by) throws Exception {
    return new JsonObject(admin(proxy, "/api/v1/costs?by=" + by).body());
  }

  private void post(ProxyProcess proxy, String id, String path, String prompt) throws IOException {
    String body = "{\"prompt\":\"PLANTED " + prompt + "\",\"stream\":true}";
    String head =
        "POST %s?key=PLANTED HTTP/1.1\r\nHost: proxy\r\nX-API-Key: %s\r\nX-Correlation-ID: %s\r\n"
            + "Content-Type: application/json\r\nCookie: PLANTED\r\nConnection: close\r\n"
            + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
            + "X-User-ID: PLANTED\r\nContent-Length: %d\r\n\r\n%s";
    try (TextClient client = wire.client(proxy.port())) {
      client.send(head.formatted(path, KEY, id, body.length(), body));
      if (prompt.equals("__hang__")) {
        client.readUntil("1234");
      } else {
        client.readToEnd();
      }
    }
  }

  private void raw(ProxyProcess proxy, String request) throws IOException {
    try (TextClient client = wire.client(proxy.port())) {
      client.send(request).readToEnd();
    }
  }

  private static Map<String, JsonObject> lines(String output) {
    Map<String, JsonObject> lines = new TreeMap<>();
    output
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(JsonObject::new)
        .forEach(line -> lines.put(line.getString("rollout.correlation_id"), line));
    return lines;
  }

  @Test
  void entersEveryRequestOnceAndAddsUpOverARestart() throws Exception {
    try (RawOrigin foundry = new RawOrigin(BooksIT::answer);
        RawOrigin legacy =
            new RawOrigin(
                call -> {
                  if (call.body().contains("__down__ both")) {
                    call.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                  } else {
                    String json =
                        "{\"model\":\"M\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":0}}";
                    call.send(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                            + json.length()
                            + "\r\n\r\n"
                            + json);
                  }
                })) {
      Path config = configuration(foundry, legacy);
      String output;
      JsonObject before;
      try (ProxyProcess proxy =
          ProxyProcess.start(List.of(), Map.of(), "run", "--config", config.toString())) {
        post(proxy, "exact", "/route", "hello");
        post(proxy, "agent", "/v1/agents/fan_message", "hello");
        post(proxy, "unused", "/route", "__unused__");
        post(proxy, "unpriced", "/route", "__unpriced__");
        post(proxy, "cut", "/v1/chat/completions", "__cut__");
        post(proxy, "hang", "/v1/chat/completions", "__hang__");
        post(proxy, "fallback", "/route", "__down__");
        post(proxy, "failed", "/route", "__down__ both");
        raw(
            proxy,
            "GET /x HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: keyless\r\nX-API-Key: PLANTED-2\r\n"
                + "Connection: close\r\n\r\n");
        raw(
            proxy,
            // Over HTTP/2 there is one :authority.
            wire.isHttp2()
                ? "TRACE /route HTTP/1.1\r\nHost: p\r\nX-Correlation-ID: bad\r\n"
                    + "Connection: close\r\n\r\n"
                : "POST /route HTTP/1.1\r\nHost: p\r\nHost: q\r\nX-Correlation-ID: bad\r\n"
                    + "Content-Length: 2\r\n\r\n{}");
        awaitCharges(proxy, 15);
        before = costs(proxy, "provider");
        Waits.until(
            () -> admin(proxy, "/metrics").body().contains("rollout_proxy_overhead_seconds_count"));
        assertThat(admin(proxy, "/metrics").body())
            .contains(
                "rollout_tokens_total{model=\"m\",provider=\"foundry\",type=\"output\"}",
                "rollout_cost_requests_total{kind=\"unknown\",model=\"x\",provider=\"foundry\"} 1.0",
                "rollout_caller_requests_total{agent=\"messaging\",outcome=\"complete\",tier=\"vip\"} 1.0",
                "rollout_access_log_dropped_total 0.0",
                "rollout_first_content_duration_seconds_count",
                "rollout_proxy_overhead_seconds_count")
            .doesNotContain(SECRET);
        assertThat(admin(proxy, "/api/v1/costs?by=x").statusCode()).isEqualTo(400);
        proxy.process().toHandle().destroy();
        assertThat(proxy.process().waitFor(90, TimeUnit.SECONDS)).isTrue();
        output = proxy.finalOutput();
      }
      Map<String, JsonObject> lines = lines(output);
      assertLines(lines);
      assertThat(output).doesNotContain(SECRET);
      long sum =
          lines.values().stream()
              .mapToLong(
                  line ->
                      line.getLong("rollout.cost_nano_usd", 0L) == null
                          ? 0
                          : line.getLong("rollout.cost_nano_usd"))
              .sum();
      assertThat(before.getJsonObject("total").getLong("costNanoUsd")).isEqualTo(sum);
      try (ProxyProcess proxy =
          ProxyProcess.start(List.of(), Map.of(), "run", "--config", config.toString())) {
        assertThat(costs(proxy, "provider")).isEqualTo(before);
        assertThat(costs(proxy, "key").getJsonArray("rows").getJsonObject(0).getString("key"))
            .isEqualTo("web");
        assertThat(costs(proxy, "agent").encode()).contains("\"agent\":\"messaging\"");
      }
    }
  }

  private static void awaitCharges(ProxyProcess proxy, int charges) throws Exception {
    Waits.until(
        () -> costs(proxy, "model"),
        costs -> costs.getJsonObject("total").getLong("requests") >= charges);
  }

  private static void assertLines(Map<String, JsonObject> lines) {
    assertThat(lines)
        .containsOnlyKeys(
            "exact",
            "agent",
            "unused",
            "unpriced",
            "cut",
            "hang",
            "fallback",
            "failed",
            "keyless",
            "bad");
    assertLine(lines.get("exact"), "foundry", 200, "success", "exact", 280_000L);
    assertLine(lines.get("agent"), "foundry", 200, "success", "exact", 280_000L);
    assertLine(lines.get("unused"), "foundry", 200, "success", "unknown", null);
    assertLine(lines.get("unpriced"), "foundry", 200, "success", "unknown", null);
    // 8 bytes of text are two tokens; the prompt's estimate is a quarter of the body's bytes.
    JsonObject cut = lines.get("cut");
    assertThat(cut.getLong("gen_ai.usage.output_tokens")).isEqualTo(2);
    assertThat(cut.getString("rollout.cost_kind")).isEqualTo("estimated");
    assertThat(cut.getString("rollout.ending")).isEqualTo("upstream_failed");
    assertLine(lines.get("hang"), "foundry", 200, "failure", "estimated", 16_800L);
    assertThat(lines.get("hang").getString("rollout.ending")).isEqualTo("client_gone");
    assertLine(lines.get("fallback"), "legacy", 200, "success", "exact", 1_400L);
    assertThat(lines.get("fallback").getBoolean("rollout.fallback")).isTrue();
    assertThat(lines.get("fallback").getInteger("rollout.attempts")).isEqualTo(3);
    assertLine(lines.get("failed"), "legacy", 503, "failure", "exact", 0L);
    assertLine(lines.get("keyless"), null, 401, "failure", "exact", 0L);
    assertLine(lines.get("bad"), null, 400, "failure", "exact", 0L);
    lines.forEach(
        (id, line) -> {
          assertThat(line.getLong("rollout.latency_ms")).as(id).isNotNegative();
          assertThat(line.fieldNames())
              .as(id)
              .contains(
                  "@timestamp",
                  "trace.id",
                  "rollout.reason",
                  "gen_ai.response.model",
                  "rollout.deployment",
                  "rollout.region",
                  "rollout.agent",
                  "rollout.tier",
                  "rollout.key_id",
                  "rollout.first_content_ms",
                  "url.path");
        });
    assertThat(lines.get("exact").getString("trace.id"))
        .isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(lines.get("exact").getString("gen_ai.response.model")).isEqualTo("m");
    assertThat(lines.get("exact").getString("rollout.key_id")).isEqualTo("web");
    assertThat(lines.get("exact").getString("rollout.tier")).isEqualTo("vip");
    assertThat(lines.get("agent").getString("rollout.agent")).isEqualTo("messaging");
  }

  private static void assertLine(
      JsonObject line, String provider, int status, String outcome, String kind, Long nano) {
    String shown = line.encode();
    assertThat(line.getString("rollout.provider")).as(shown).isEqualTo(provider);
    assertThat(line.getInteger("http.response.status_code")).as(shown).isEqualTo(status);
    assertThat(line.getString("event.outcome")).as(shown).isEqualTo(outcome);
    assertThat(line.getString("rollout.cost_kind")).as(shown).isEqualTo(kind);
    assertThat(line.getLong("rollout.cost_nano_usd")).as(shown).isEqualTo(nano);
  }
}
