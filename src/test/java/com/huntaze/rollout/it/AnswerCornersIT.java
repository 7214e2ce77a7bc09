package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers at the edge of what may be held, replaced or waited for. */
@ParameterizedClass
@EnumSource(Wire.class)
class AnswerCornersIT {
  @Parameter Wire wire;

  private static final String LEGACY = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nlegacy";

  private static JsonObject quick(RawOrigin foundry, RawOrigin legacy) {
    return RunningProxy.before("foundry", foundry.url(), legacy.url())
        .put(
            "timeouts",
            new JsonObject()
                .put("toFirstContent", "2s")
                .put("fallbackReserve", "1s")
                .put("stream", "30s"));
  }

  private static void pause() {
    Waits.pause(Duration.ofMillis(300));
  }

  @Test
  void aJsonAnswerWhoseFirstByteCameInTimeMayTakeLonger() throws Exception {
    RawOrigin.Script slow =
        call -> {
          call.send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n");
          call.send("content-length: 12\r\n\r\n[");
          for (int i = 0; i < 10; i++) {
            pause();
            call.send(" ");
          }
          call.send("]");
        };
    try (RawOrigin foundry = new RawOrigin(slow);
        RawOrigin legacy = new RawOrigin(call -> call.send(LEGACY));
        RunningProxy proxy = RunningProxy.start(wire, quick(foundry, legacy))) {
      HttpResponse<String> answer = proxy.post("/route", "{}");
      assertThat(answer.headers().firstValue("X-AI-Provider")).contains("foundry");
      assertThat(answer.body()).isEqualTo("[          ]");
    }
  }

  /** {@code Connection} can name any field, but the length of the message is no option of it. */
  @Test
  void aLengthThatIsNamedAsAnOptionStaysALength() throws Exception {
    String body = "x".repeat(300_000);
    RawOrigin.Script odd =
        call ->
            call.send(
                "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\n"
                    + "connection: keep-alive, content-length, x-own\r\nx-own: 1\r\n"
                    + "content-length: 300000\r\n\r\n"
                    + body);
    try (RawOrigin foundry = new RawOrigin(odd);
        RawOrigin legacy = new RawOrigin(call -> call.send(LEGACY));
        RunningProxy proxy = RunningProxy.start(wire, quick(foundry, legacy))) {
      HttpResponse<String> answer = proxy.get("/v1/files/f1/content");
      assertThat(answer.body()).isEqualTo(body);
      assertThat(answer.headers().firstValue("x-own")).isEmpty();
    }
  }

  @Test
  void aStreamOfPingsAloneEndsAtTheDeadlineOfItsFirstContent() throws Exception {
    RawOrigin.Script pings =
        call -> {
          call.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n");
          call.send("transfer-encoding: chunked\r\n\r\n");
          for (int i = 0; i < 60; i++) {
            call.send("8\r\n: ping\n\n\r\n");
            pause();
          }
        };
    try (RawOrigin foundry = new RawOrigin(pings);
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                quick(foundry, foundry)
                    .put("server", new JsonObject().put("holdBack", "100ms"))
                    .put("fallback", new JsonObject().put("enabled", false)));
        TextClient client = proxy.client()) {
      client.send(
          "POST /v1/chat/completions HTTP/1.1\r\nHost: p\r\nContent-Length: 15\r\n\r\n"
              + "{\"stream\":true}");
      String all = client.readToEnd();
      assertThat(all).contains(": ping").contains("\"code\":\"TIMEOUT\"").doesNotContain("[DONE]");
    }
  }

  @Test
  void theLastAnswerPassesHoweverLargeWhenNothingCanFollowOnIt() throws Exception {
    String body = "x".repeat(300_000);
    RawOrigin.Script refusing =
        call -> call.send("HTTP/1.1 501 Not Implemented\r\ncontent-length: 300000\r\n\r\n" + body);
    try (RawOrigin foundry = new RawOrigin(refusing);
        RawOrigin legacy = new RawOrigin(refusing);
        RunningProxy proxy =
            RunningProxy.start(wire, RunningProxy.before("foundry", foundry.url(), legacy.url()))) {
      HttpResponse<String> answer = proxy.post("/route", "{}");
      assertThat(answer.statusCode()).isEqualTo(501);
      assertThat(answer.body()).isEqualTo(body);
      assertThat(answer.headers().firstValue("X-AI-Provider")).contains("legacy");
    }
  }

  @Test
  void aJobOfAKnownMakerIsAskedOfNobodyElse() throws Exception {
    RawOrigin.Script maker =
        call -> {
          if (call.head().startsWith("POST")) {
            call.send(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                    + "content-length: 15\r\n\r\n{\"job_id\":\"J1\"}");
          } else {
            call.send("HTTP/1.1 501 Not Implemented\r\ncontent-length: 2\r\n\r\nno");
          }
        };
    try (RawOrigin foundry = new RawOrigin(maker);
        RawOrigin legacy = new RawOrigin(call -> call.send(LEGACY));
        RunningProxy proxy =
            RunningProxy.start(wire, RunningProxy.before("foundry", foundry.url(), legacy.url()))) {
      assertThat(proxy.post("/audio/transcribe", "{}").statusCode()).isEqualTo(200);
      HttpResponse<String> poll = proxy.get("/audio/transcribe/J1");
      assertThat(poll.statusCode()).as("legacy does not know it").isEqualTo(501);
      assertThat(legacy.connections()).isZero();
    }
  }
}
