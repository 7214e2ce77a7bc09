package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Silence: a provider is held to its deadlines, and not to its client's pace. */
@ParameterizedClass
@EnumSource(Wire.class)
@Tag("heavy")
class IdleIT {
  @Parameter Wire wire;

  private static final String UNUSED = "http://127.0.0.1:1";
  private static final long IDLE_MILLIS = 1_000;
  private static final String EVENT = "data: " + "x".repeat(16_000) + "\n\n";

  /** More than all queues and socket buffers on the way take. */
  private static final int EVENTS = 1_500;

  private static final int BYTES = EVENTS * EVENT.length();

  private static JsonObject settings(String foundry) {
    JsonObject settings =
        RunningProxy.before("foundry", foundry, UNUSED)
            .put("server", new JsonObject().put("replayBytes", 100))
            .put("fallback", new JsonObject().put("enabled", false))
            .put(
                "timeouts",
                new JsonObject().put("toFirstContent", "1500ms").put("fallbackReserve", "1s"));
    settings
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("idle", IDLE_MILLIS + "ms")
        .put("retry", new JsonObject().put("max", 0))
        .put("circuitBreaker", new JsonObject().put("maxFailures", 1));
    return settings;
  }

  private static JsonObject patient(String foundry) {
    JsonObject settings = settings(foundry);
    settings.getJsonObject("timeouts").put("toFirstContent", "5s");
    return settings;
  }

  private static void rest(long millis) {
    Waits.pause(Duration.ofMillis(millis));
  }

  private static double attempts(RunningProxy proxy, String outcome) {
    return new Metered(proxy.adminPort())
        .value("rollout_attempts_total{outcome=\"%s\",provider=\"foundry\"}".formatted(outcome));
  }

  /** Much, as events or as one body, and then nothing, not even its end. */
  private static RawOrigin.Script much(boolean events, AtomicBoolean allSent) {
    return call -> {
      call.send(
          events
              ? "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                  + "transfer-encoding: chunked\r\n\r\n"
              : "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                  + (BYTES + 4)
                  + "\r\n\r\n");
      String piece = events ? "%x\r\n%s\r\n".formatted(EVENT.length(), EVENT) : EVENT;
      for (int i = 0; i < EVENTS; i++) {
        call.send(piece);
      }
      allSent.set(true);
      call.awaitClose();
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatDoesNotReadForAWhileGetsAllThatComes(boolean events) throws Exception {
    AtomicBoolean allSent = new AtomicBoolean();
    try (RawOrigin origin = new RawOrigin(much(events, allSent));
        RunningProxy proxy = RunningProxy.start(wire, settings(origin.url()));
        TextClient client = proxy.client()) {
      client.send(
          "POST /route/stream HTTP/1.1\r\nHost: p\r\nConnection: close\r\n"
              + "Content-Length: 2\r\n\r\n{}");
      client.readUntil("data: xx");
      rest(2 * IDLE_MILLIS + 500);
      assertThat(allSent).as("the origin could not say all").isFalse();
      String tail = client.readTail();
      // Then its silence is the provider's own, from when its client has all that it said.
      if (events) {
        assertThat(tail).contains("\"code\":\"TIMEOUT\"").doesNotEndWith("0\r\n\r\n");
      } else {
        assertThat(tail).endsWith("xx\n\n").doesNotContain("error");
      }
      assertThat(allSent).isTrue();
      Waits.until(() -> attempts(proxy, "idle_timeout"), count -> count == 1);
    }
  }

  @Test
  void aProviderThatDoesNotTakeTheBodyIsLate() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    // A body in chunks it leaves where it is. Until all buffers are full the client is the late
    // one.
    try (RawOrigin origin = new RawOrigin(call -> never.await());
        RunningProxy proxy = RunningProxy.start(wire, patient(origin.url()));
        TextClient client = proxy.client()) {
      Thread sender = new Thread(() -> upload(client));
      sender.setDaemon(true);
      sender.start();
      assertThat(client.readUntil("}}"))
          .startsWith("HTTP/1.1 504 ")
          .contains("foundry: no content");
      Waits.until(() -> attempts(proxy, "first_content_timeout"), count -> count == 1);
      // What it did not take does not keep the connection.
      String open = "rollout_upstream_connections{provider=\"foundry\"}";
      new Metered(proxy.adminPort()).awaitValue(open, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatNeverReadsIsCutWithItsStream(boolean events) throws Exception {
    JsonObject settings;
    try (RawOrigin origin = new RawOrigin(much(events, new AtomicBoolean()))) {
      settings = settings(origin.url());
      settings.getJsonObject("timeouts").put("stream", "2s");
      try (RunningProxy proxy = RunningProxy.start(wire, settings);
          TextClient client = proxy.client()) {
        client.send("POST /route/stream HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}");
        Metered metered = new Metered(proxy.adminPort());
        metered.awaitValue("rollout_client_connections", 1);
        if (!wire.isHttp2()) {
          // Of HTTP/2 the stream alone goes: its connection may serve others.
          metered.awaitValue("rollout_client_connections", 0);
        }
        metered.awaitValue("rollout_requests_in_flight", 0);
        Waits.until(() -> attempts(proxy, "stream_timeout"), count -> count == 1);
      }
    }
  }

  private static void upload(TextClient client) {
    String chunk = "%x\r\n%s\r\n".formatted(EVENT.length(), EVENT);
    try {
      client.send("POST /upload HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < EVENTS; i++) {
        client.send(chunk);
      }
    } catch (IOException closed) {
      // It was answered early.
    }
  }

  @Test
  void aClientThatDoesNotSendItsBodyIsLateItself() throws Exception {
    try (RawOrigin origin = new RawOrigin(RawOrigin.Call::awaitClose);
        RunningProxy proxy = RunningProxy.start(wire, settings(origin.url()))) {
      // More than the breaker's failures, had they been the provider's.
      for (int i = 1; i <= 2; i++) {
        try (TextClient client = proxy.client()) {
          client.send("POST /upload HTTP/1.1\r\nHost: p\r\nContent-Length: 1000\r\n\r\n");
          client.send("x".repeat(500));
          assertThat(client.readUntil("}}")).startsWith("HTTP/1.1 504 ").contains("body: not here");
        }
        int told = i;
        Waits.until(() -> attempts(proxy, "client_gone"), count -> count == told);
      }
      assertThat(attempts(proxy, "first_content_timeout")).isZero();
    }
  }

  @Test
  void anAnswerThatBeganDuringTheUploadWaitsForIt() throws Exception {
    CountDownLatch uploaded = new CountDownLatch(1);
    RawOrigin.Script early =
        call -> {
          call.send(
              "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
                  + "5\r\nbegun\r\n");
          uploaded.await();
          call.send("5\r\nended\r\n0\r\n\r\n");
          call.awaitClose();
        };
    try (RawOrigin origin = new RawOrigin(early);
        RunningProxy proxy = RunningProxy.start(wire, settings(origin.url()));
        TextClient client = proxy.client()) {
      client.send("POST /upload HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("c8\r\n" + "x".repeat(200) + "\r\n").readUntil("begun");
      for (int i = 0; i < 6; i++) {
        rest(IDLE_MILLIS / 3);
        client.send("1\r\nx\r\n");
      }
      uploaded.countDown();
      client.send("0\r\n\r\n").readUntil("ended\r\n0\r\n\r\n");
    }
  }

  @Test
  void anUploadThatStopsWithinTheAnswerIsTheClientsFault() throws Exception {
    RawOrigin.Script early =
        call -> {
          call.send(
              "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
                  + "5\r\nbegun\r\n");
          call.awaitClose();
        };
    try (RawOrigin origin = new RawOrigin(early);
        RunningProxy proxy = RunningProxy.start(wire, settings(origin.url()));
        TextClient client = proxy.client()) {
      client.send("POST /upload HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("c8\r\n" + "x".repeat(200) + "\r\n").readUntil("begun");
      assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
      Waits.until(() -> attempts(proxy, "client_gone"), count -> count == 1);
      assertThat(attempts(proxy, "idle_timeout")).isZero();
    }
  }
}
