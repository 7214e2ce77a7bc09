package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** The seed's {@code TrafficSplitter.getMetrics}, of three event loops together. */
class SplitResourceIT {
  private static final int REQUESTS = 200;

  @Test
  void tellsTheShareAndWhatWasSplit() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    JsonObject loops = new JsonObject().put("server", new JsonObject().put("eventLoops", 3));
    try (RawOrigin origin = new RawOrigin(call -> call.send(answer));
        RunningProxy proxy =
            RunningProxy.start(
                RunningProxy.canary(origin.url(), origin.url(), 30).mergeIn(loops, true))) {
      assertThat(split(proxy))
          .isEqualTo(
              new JsonObject()
                  .put("percentage", 0)
                  .put("foundry", 0)
                  .put("legacy", 0)
                  .put("total", 0)
                  .put("foundryShare", 0.0));
      proxy.admin("POST", "/api/v1/canary/start", null);
      for (int i = 0; i < REQUESTS; i++) {
        try (RawClient client = new RawClient(proxy.port())) {
          client
              .send(
                  "POST /route HTTP/1.1\r\nHost: p\r\nConnection: close\r\n"
                      + "Content-Length: 2\r\n\r\n{}")
              .readToEnd();
        }
      }
      JsonObject split = split(proxy);
      assertThat(split.getInteger("percentage")).isEqualTo(30);
      assertThat(split.getInteger("total")).isEqualTo(REQUESTS);
      assertThat(split.getInteger("foundry") + split.getInteger("legacy")).isEqualTo(REQUESTS);
      assertThat(split.getDouble("foundryShare")).isCloseTo(0.3, within(0.05));
    }
  }

  private static JsonObject split(RunningProxy proxy) throws Exception {
    return new JsonObject(proxy.admin("GET", "/api/v1/split", null).body());
  }
}
