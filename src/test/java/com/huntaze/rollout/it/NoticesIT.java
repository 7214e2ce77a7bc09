package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packaged jar says once in its log what its owner would otherwise never know. */
@Tag("heavy")
class NoticesIT {
  private static RawOrigin answering(String status) {
    return new RawOrigin(
        call -> call.send("HTTP/1.1 " + status + "\r\ncontent-length: 2\r\n\r\n{}"));
  }

  private static void post(ProxyProcess proxy, String path, String fields, String body)
      throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      client
          .send(
              "POST %s HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\n%scontent-length: %d\r\n\r\n%s"
                  .formatted(path, fields, body.length(), body))
          .readUntil("\r\n\r\n{}");
    }
  }

  private static long count(String text, String part) {
    return text.lines().filter(line -> line.contains(part)).count();
  }

  @Test
  void whatNobodyWouldKnowIsSaidOnce() throws Exception {
    try (RawOrigin foundry = answering("401 Unauthorized");
        RawOrigin legacy = answering("200 OK")) {
      JsonObject settings =
          RunningProxy.before("foundry", foundry.url(), legacy.url())
              .put(
                  "server",
                  new JsonObject().put("host", "127.0.0.1").put("port", 0).put("eventLoops", 1))
              .put("admin", new JsonObject().put("port", 0))
              .put("auth", new JsonObject().put("clientKeys", "legacy"))
              .put("drain", new JsonObject().put("delay", "0s").put("timeout", "100ms"));
      Path file = ProxyProcess.configuration(settings.encode());
      try (ProxyProcess proxy =
          ProxyProcess.start(List.of(), Map.of(), "run", "--config", file.toString())) {
        for (int i = 0; i < 2; i++) {
          try (RawClient secured = new RawClient(proxy.port())) {
            secured.send("\u0016\u0003\u0001").readUntil("}}");
          }
          post(proxy, "/ask/anything", "", "{\"model\":\"m\"}");
          post(proxy, "/v1/threads/thread_1/runs", "", "{\"model\":\"m\"}");
          post(proxy, "/v1/files", "Upgrade: websocket\r\nConnection: upgrade\r\n", "{}");
          post(proxy, "/v1/chat/completions", "Authorization: Bearer PLANTED\r\n", "{}");
        }
        proxy.process().toHandle().destroy();
        String log = proxy.finalOutput();
        assertThat(count(log, "POST /ask/anything names a model")).isEqualTo(1);
        assertThat(log).contains("{\"match\": \"POST /ask/anything\", \"replay\": \"safe\"");
        assertThat(log).as("a run makes something").doesNotContain("threads/thread_1/runs names");
        assertThat(count(log, "A client asked for another protocol (Upgrade: websocket)"))
            .isEqualTo(1);
        assertThat(count(log, "speaks TLS to the data port, which speaks plain HTTP")).isEqualTo(1);
        assertThat(count(log, "foundry answered 401 to a request whose key was kept back"))
            .isEqualTo(1);
        assertThat(log).contains("set auth.clientKeys to \"foundry\"").doesNotContain("PLANTED");
      }
    }
  }
}
