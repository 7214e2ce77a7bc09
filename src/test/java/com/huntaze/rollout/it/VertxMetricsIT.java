package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of Vert.x itself, through the jar: pools alone, unless more is asked for. */
@Tag("heavy")
class VertxMetricsIT {
  private static final List<String> ASKED_FOR =
      List.of(
          "rollout_vertx_http_server_", "rollout_vertx_http_client_", "rollout_vertx_eventbus_");

  private static String scrape(JsonObject metrics) throws Exception {
    try (RawOrigin origin =
        new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"))) {
      Path file =
          ProxyProcess.configuration(
              RunningProxy.before("legacy", origin.url(), origin.url())
                  .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
                  .put("admin", new JsonObject().put("port", 0))
                  .put("metrics", metrics)
                  .encode());
      try (ProxyProcess proxy =
          ProxyProcess.start(List.of(), Map.of(), "run", "--config", file.toString())) {
        for (String method : List.of("GET", "POST", "BREW")) {
          ask(proxy.port(), method + " /secret/path HTTP/1.1\r\nContent-Length: 0\r\n");
        }
        return Waits.until(
            () -> ask(proxy.adminPort(), "GET /metrics HTTP/1.1\r\n"),
            text -> text.contains("rollout_requests_total{"));
      }
    }
  }

  private static String ask(int port, String head) throws IOException {
    try (RawClient client = new RawClient(port)) {
      return client.send(head + "Host: localhost\r\nConnection: close\r\n\r\n").readToEnd();
    }
  }

  @Test
  void onTheDataPathNothingIsMeasuredUnlessItIsAskedFor() throws Exception {
    String text = scrape(new JsonObject());
    assertThat(text).contains("rollout_vertx_pool_");
    ASKED_FOR.forEach(name -> assertThat(text).doesNotContain(name));
  }

  @Test
  void whatIsAskedForIsMeasuredWithFewLabelsAndPassesPromtool(@TempDir Path folder)
      throws Exception {
    JsonArray all =
        new JsonArray()
            .add("http_server")
            .add("http_client")
            .add("net_server")
            .add("net_client")
            .add("event_bus");
    String text = scrape(new JsonObject().put("vertx", all));
    assertThat(text).contains("rollout_vertx_pool_");
    ASKED_FOR.forEach(name -> assertThat(text).contains(name));
    assertThat(text).doesNotContain("secret", "BREW");
    Assumptions.assumeTrue(Promtool.isThere(), "promtool is missing (Debian: prometheus)");
    assertThat(Promtool.check(folder, text.substring(text.indexOf("\r\n\r\n") + 4))).isEmpty();
  }
}
