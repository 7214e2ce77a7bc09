package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import com.huntaze.rollout.telemetry.Metrics;
import com.huntaze.rollout.telemetry.MetricsSettings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /metrics} is what Prometheus expects, by our own reading and by promtool's. */
class MetricsIT {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final Pattern SAMPLE =
      Pattern.compile("(rollout_[a-z0-9_]+)(\\{.*})? (\\S+)( \\d+)?");

  /** The metrics of a proxy that has served, failed and refused requests. */
  private static HttpResponse<String> scrape(String... headers) throws IOException {
    String ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    try (RawOrigin origin = new RawOrigin(call -> call.send(ok));
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1"))) {
      proxy.post("/route", "{}");
      proxy.post("/v1/agents/unknown", "{}");
      return proxy.admin("GET", "/metrics", null, headers);
    }
  }

  private static void assertWellFormed(String text) {
    Set<String> described =
        text.lines()
            .filter(line -> line.startsWith("# HELP "))
            .filter(line -> line.split(" ", 4).length == 4 && !line.split(" ", 4)[3].isBlank())
            .map(line -> line.split(" ")[2])
            .collect(Collectors.toSet());
    List<String> samples =
        text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).toList();
    assertThat(samples).hasSizeGreaterThan(20).allMatch(line -> SAMPLE.matcher(line).matches());
    assertThat(samples).allMatch(line -> isDescribed(line.split("[{ ]")[0], described));
  }

  private static boolean isDescribed(String sample, Set<String> described) {
    return described.contains(sample)
        || described.contains(sample.replaceAll("_(bucket|count|sum|total|info)$", ""));
  }

  @Test
  void givesEverySampleOurPrefixAndADescription() throws Exception {
    HttpResponse<String> answer = scrape();
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertWellFormed(answer.body());
    assertThat(answer.body()).contains("rollout_requests_total{", "rollout_build_info{version=");
    assertThat(answer.body()).doesNotContain("# EOF");
    // Nobody shares a limit with it.
    assertThat(answer.body()).doesNotContain("rollout_limit_share", "rollout_cluster_");
  }

  @Test
  void speaksOpenMetricsToThoseWhoAskForIt() throws Exception {
    HttpResponse<String> answer =
        scrape("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(answer.body()).endsWith("# EOF\n");
    assertWellFormed(answer.body());
  }

  @Test
  void countsWhatBecameOfRequests() throws Exception {
    String text = scrape().body();
    assertThat(text.lines())
        .anyMatch(line -> line.startsWith("rollout_requests_total{") && line.endsWith(" 1.0"))
        .anyMatch(line -> line.startsWith("rollout_requests_refused_total 1"))
        .anyMatch(line -> line.equals("rollout_requests_in_flight 0.0"))
        .anyMatch(line -> line.startsWith("rollout_process_cpu_seconds_total "));
  }

  @Test
  void aListenerOfTheirOwnTellsHealthAndMetricsAndNothingElse() throws Exception {
    int port = FreePorts.next();
    JsonObject listener = new JsonObject().put("host", "127.0.0.1").put("port", port);
    JsonObject configuration =
        RunningProxy.before("legacy", "http://127.0.0.1:1", "http://127.0.0.1:1")
            .put("admin", new JsonObject().put("port", 0).put("token", TOKEN))
            .put("metrics", new JsonObject().put("listener", listener));
    try (RunningProxy proxy = RunningProxy.start(configuration)) {
      assertThat(raw(port, "/livez", "")).contains("HTTP/1.1 200 OK", "live");
      assertThat(raw(port, "/readyz", "")).contains("HTTP/1.1 200 OK", "ready");
      assertThat(raw(port, "/metrics", "Authorization: Bearer " + TOKEN + "\r\n"))
          .contains("HTTP/1.1 200 OK", "rollout_build_info{");
      assertThat(raw(port, "/metrics", "")).contains("HTTP/1.1 401 ");
      for (String other : List.of("/", "/api/v1/canary", "/api/v1/config", "/dashboard.css")) {
        assertThat(raw(port, other, "Authorization: Bearer " + TOKEN + "\r\n"))
            .as(other)
            .contains("HTTP/1.1 404 ", "/livez, /readyz, /metrics");
      }
      assertThat(proxy.admin("GET", "/livez", null).statusCode()).isEqualTo(200);
    }
    try (ServerSocket gone = new ServerSocket(port)) {
      assertThat(gone.isBound()).isTrue();
      assertThatThrownBy(() -> RunningProxy.start(configuration))
          .hasStackTraceContaining("metrics.listener.port: " + port + " is already in use");
    }
  }

  /** An answer to a request for the replica's address. */
  private static String raw(int port, String path, String fields) throws IOException {
    try (RawClient client = new RawClient(port)) {
      String head = "GET %s HTTP/1.1\r\nHost: 10.1.2.3:%d\r\nConnection: close\r\n%s\r\n";
      return client.send(head.formatted(path, port, fields)).readToEnd();
    }
  }

  @Test
  void anErrorCountsForTheModelThatWasAskedFor() throws Exception {
    String down = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\nno";
    try (RawOrigin origin = new RawOrigin(call -> call.send(down));
        RunningProxy proxy =
            RunningProxy.start(RunningProxy.before("legacy", "http://127.0.0.1:1", origin.url()))) {
      String body = "{\"model\":\"gpt-x\",\"messages\":[]}";
      proxy.post("/v1/chat/completions", body, "Content-Type", "application/json");
      List<String> lines =
          Waits.until(() -> errors(proxy, "model=\"gpt-x\""), found -> !found.isEmpty());
      assertThat(lines)
          .singleElement()
          .asString()
          .contains("provider=\"legacy\"", "route=\"POST /v1/chat/completions\"")
          .endsWith(" 1.0");
    }
  }

  private static List<String> errors(RunningProxy proxy, String label) throws IOException {
    return proxy
        .admin("GET", "/metrics", null)
        .body()
        .lines()
        .filter(line -> line.startsWith("rollout_request_errors_total{") && line.contains(label))
        .toList();
  }

  @Test
  void passesPromtool(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(Promtool.isThere(), "promtool is missing (Debian: prometheus)");
    assertThat(Promtool.check(folder, scrape().body())).isEmpty();
  }

  @Test
  void tellsRequestsByOpenTelemetrysNamesWhereTheyAreWanted(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(Promtool.isThere(), "promtool is missing (Debian: prometheus)");
    String ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    try (RawOrigin origin = new RawOrigin(call -> call.send(ok));
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1")
                    .put("metrics", new JsonObject().put("openTelemetry", true)))) {
      proxy.post(
          "/openai/deployments/gpt-4o/chat/completions",
          "{\"model\":\"gpt-4o\"}",
          "Content-Type",
          "application/json");
      String text = proxy.admin("GET", "/metrics", null).body();
      assertThat(text)
          .contains("gen_ai_client_operation_duration_seconds_count{")
          .contains("gen_ai_operation_name=\"chat\"", "gen_ai_request_model=\"gpt-4o\"");
      assertThat(Promtool.check(folder, text)).isEmpty();
    }
    assertThat(scrape().body()).doesNotContain("gen_ai_");
  }

  @Test
  void passesPromtoolWithThePoolsOfAProcess(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(Promtool.isThere(), "promtool is missing (Debian: prometheus)");
    try (Metrics metrics = new Metrics("test")) {
      VertxOptions options = metrics.vertxOptions(new MetricsSettings(List.of(), null, false));
      Vertx vertx = Vertx.builder().with(options).withMetrics(metrics.vertxFactory()).build();
      vertx.executeBlocking(() -> "used", false).await();
      String text = metrics.prometheus().scrape();
      assertThat(text).contains("rollout_vertx_pool_completed_total");
      assertWellFormed(text);
      assertThat(Promtool.check(folder, text)).isEmpty();
      vertx.close().await();
    }
  }
}
