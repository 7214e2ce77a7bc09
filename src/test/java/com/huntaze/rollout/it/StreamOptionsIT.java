package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A model that refuses {@code stream_options}, as some of Azure's serverless deployments do (422,
 * "Extra inputs are not permitted"): its client never sent it, and never hears of it.
 */
@ParameterizedClass
@EnumSource(Wire.class)
class StreamOptionsIT {
  private static final String PATH = "/v1/chat/completions";
  private static final String BODY = "{\"model\":\"%s\",\"stream\":true,\"messages\":[]}";
  private static final String STREAM =
      "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\n"
          + "data: [DONE]\n\n";

  @Parameter Wire wire;

  private final AtomicInteger asked = new AtomicInteger();

  private void answer(RawOrigin.Call call) throws IOException {
    asked.incrementAndGet();
    boolean option = call.body().contains("stream_options");
    boolean strict = call.body().contains("strict");
    if (call.body().contains("wrong") || option && strict) {
      String said = "{\"detail\":\"Extra inputs are not permitted\"}";
      call.send(
          "HTTP/1.1 422 No\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(said.length(), said));
    } else {
      call.send(
          "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(STREAM.length(), STREAM));
    }
  }

  private RawAnswer ask(RunningProxy proxy, String model) throws IOException {
    try (TextClient client = proxy.client()) {
      String body = BODY.formatted(model);
      client.send(
          """
          POST %s HTTP/1.1
          Host: p
          Connection: close
          Content-Type: application/json
          Content-Length: %d

          %s"""
              .formatted(PATH, body.length(), body)
              .replace("\n", "\r\n"));
      return RawAnswer.of(client.readToEnd());
    }
  }

  private void isServed(RunningProxy proxy, String model, int requests) throws IOException {
    int before = asked.get();
    RawAnswer answer = ask(proxy, model);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(STREAM);
    assertThat(asked.get() - before).as("requests to the provider").isEqualTo(requests);
  }

  @Test
  void theRequestIsSentOnceMoreWithoutItAndThatIsRemembered() throws Exception {
    try (RawOrigin foundry = new RawOrigin(this::answer);
        RunningProxy proxy =
            RunningProxy.start(
                wire, RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1"))) {
      isServed(proxy, "strict-1", 2);
      for (int i = 0; i < 8; i++) {
        isServed(proxy, "strict-1", 1);
      }
      isServed(proxy, "free", 1);
      isServed(proxy, "strict-2", 2);
      Metered metered = new Metered(proxy.adminPort());
      metered.awaitValue(
          "rollout_attempts_total{outcome=\"option_refused\",provider=\"foundry\"}", 2);
      Waits.untilAsserted(
          () ->
              assertThat(proxy.admin("GET", "/api/v1/metrics", null).body())
                  .doesNotContain("\"errors\":1"));
    }
  }

  @Test
  void aRequestThatIsWrongWithoutItTooIsTriedOnce() throws Exception {
    try (RawOrigin foundry = new RawOrigin(this::answer);
        RunningProxy proxy =
            RunningProxy.start(
                wire, RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1"))) {
      assertThat(ask(proxy, "wrong").status()).isEqualTo(422);
      assertThat(asked.get()).isEqualTo(2);
      for (int i = 0; i < 5; i++) {
        assertThat(ask(proxy, "wrong").status()).isEqualTo(422);
      }
      assertThat(asked.get()).isEqualTo(7);
      new Metered(proxy.adminPort())
          .awaitValue("rollout_upstream_4xx_total{provider=\"foundry\",status=\"422\"}", 6);
    }
  }

  @Test
  void aProviderMayBeLeftUnasked() throws Exception {
    try (RawOrigin foundry = new RawOrigin(this::answer)) {
      JsonObject settings = RunningProxy.before("foundry", foundry.url(), "http://127.0.0.1:1");
      settings
          .getJsonObject("providers")
          .getJsonObject("foundry")
          .put("requestUsageInStreams", false);
      try (RunningProxy proxy = RunningProxy.start(wire, settings)) {
        isServed(proxy, "strict", 1);
        assertThat(foundry.nextBody()).doesNotContain("stream_options");
      }
    }
  }
}
