package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes that a client does not take are nobody's slowness, and wait for it only so long. */
@ParameterizedClass
@EnumSource(Wire.class)
@Tag("heavy")
class StalledClientIT {
  private static final int BYTES = 20_000_000;
  private static final String PIECE = "x".repeat(100_000);

  /** A busy machine makes the provider itself slow: it is to keep this limit. */
  private final Duration limit = Waits.bound(Duration.ofSeconds(3));

  @Parameter Wire wire;

  /** Over HTTP/1.1 the system itself takes megabytes for each of them, which is no stall. */
  private int streams() {
    return wire.isHttp2() ? 60 : 20;
  }

  private static void answer(RawOrigin.Call call) throws IOException {
    call.send("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n");
    call.send("content-length: " + BYTES + "\r\n\r\n");
    for (int sent = 0; sent < BYTES; sent += PIECE.length()) {
      call.send(PIECE);
    }
  }

  private static void answerSmallOnes(RawOrigin.Call call) throws IOException {
    if (call.head().startsWith("GET /small")) {
      call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    } else {
      answer(call);
    }
  }

  private RunningProxy start(String foundry, String writeTimeout) {
    return start(foundry, writeTimeout, 2_048);
  }

  private RunningProxy start(String foundry, String writeTimeout, int connections) {
    JsonObject health =
        new JsonObject()
            .put("evaluateEvery", "50ms")
            .put("minRequests", 5)
            .put("latencyP95", new JsonObject().put("limit", limit.toMillis() + "ms"));
    JsonObject before = RunningProxy.before("canary", foundry, "http://127.0.0.1:1");
    before
        .getJsonObject("providers")
        .getJsonObject("foundry")
        .put("pool", new JsonObject().put("maxConnections", connections));
    RunningProxy proxy =
        RunningProxy.start(
            wire,
            before
                .put("server", wire.server().put("writeTimeout", writeTimeout).put("eventLoops", 1))
                .put("health", health)
                .put(
                    "canary",
                    new JsonObject()
                        .put(
                            "stages",
                            new JsonArray()
                                .add(
                                    new JsonObject()
                                        .put("phase", "full")
                                        .put("percentage", 100)))));
    RunningProxy.await(
        proxy
            .vertx()
            .eventBus()
            .request(
                "rollout.canary.command",
                new JsonObject().put("command", "set").put("percentage", 100)));
    return proxy;
  }

  private static JsonObject health(RunningProxy proxy) {
    return RunningProxy.await(
            proxy.vertx().eventBus().<JsonObject>request("rollout.health.get", null))
        .body();
  }

  /** The rollout goes on: nobody held what the clients did against Foundry. */
  private static void assertNotRolledBack(RunningProxy proxy) {
    JsonObject state =
        RunningProxy.await(proxy.vertx().eventBus().<JsonObject>request("rollout.canary.get", null))
            .body();
    assertThat(state.getInteger("percentage")).as(state.encode()).isEqualTo(100);
  }

  /** Clients that ask and take nothing. */
  private List<AutoCloseable> crowd(RunningProxy proxy) throws IOException {
    List<AutoCloseable> clients = new ArrayList<>();
    if (wire.isHttp2()) {
      FrameClient client = FrameClient.opened(proxy.port(), 4, 0);
      clients.add(client);
      for (int i = 0; i < streams(); i++) {
        client.request(2 * i + 1, false, "POST", "/route", "content-length", "2");
        client.data(2 * i + 1, true, "{}");
      }
    } else {
      for (int i = 0; i < streams(); i++) {
        clients.add(
            proxy.client().send("POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}"));
      }
    }
    return clients;
  }

  @Test
  void theProviderIsNotSlowForWhatItsClientsDoNotTake() throws Exception {
    try (RawOrigin foundry = new RawOrigin(StalledClientIT::answer);
        RunningProxy proxy = start(foundry.url(), "1m")) {
      List<AutoCloseable> clients = crowd(proxy);
      Metered metered = new Metered(proxy.adminPort());
      metered.awaitValue("rollout_requests_in_flight", streams());
      Waits.pause(limit.multipliedBy(2));
      JsonObject health = health(proxy);
      assertThat(health.getJsonObject("foundryWindow").getLong("slow"))
          .as(health.encode())
          .isZero();
      for (AutoCloseable client : clients) {
        client.close();
      }
      metered.awaitValue("rollout_requests_in_flight", 0);
      assertThat(health(proxy).getJsonObject("foundryWindow").getLong("slow")).isZero();
      assertNotRolledBack(proxy);
    }
  }

  @Test
  void whoTakesNothingForTooLongIsCut() throws Exception {
    try (RawOrigin foundry = new RawOrigin(StalledClientIT::answer);
        RunningProxy proxy = start(foundry.url(), "2s")) {
      List<AutoCloseable> clients = crowd(proxy);
      Metered metered = new Metered(proxy.adminPort());
      metered.awaitValue("rollout_clients_stalled_total", streams());
      metered.awaitValue("rollout_requests_in_flight", 0);
      metered.awaitValue("rollout_upstream_connections{provider=\"foundry\"}", 0);
      assertThat(health(proxy).getJsonObject("foundryWindow").getLong("errors")).isZero();
      assertNotRolledBack(proxy);
      for (AutoCloseable client : clients) {
        client.close();
      }
    }
  }

  @Test
  void whoTakesNothingHoldsNoConnectionThatOthersWant() throws Exception {
    try (RawOrigin foundry = new RawOrigin(StalledClientIT::answerSmallOnes);
        RunningProxy proxy = start(foundry.url(), "5m", streams())) {
      List<AutoCloseable> clients = crowd(proxy);
      Metered metered = new Metered(proxy.adminPort());
      metered.awaitValue("rollout_requests_in_flight", streams());
      metered.awaitValue("rollout_upstream_connections{provider=\"foundry\"}", streams());
      // The first who finds them all in use is told so; soon afterwards others are served.
      Waits.until(
          () -> {
            try (TextClient good = proxy.client()) {
              good.send("GET /small HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");
              return good.readToEnd();
            }
          },
          answer -> answer.startsWith("HTTP/1.1 200"));
      assertThat(metered.value("rollout_clients_stalled_total")).isPositive();
      assertNotRolledBack(proxy);
      for (AutoCloseable client : clients) {
        client.close();
      }
    }
  }

  private static void answerOrHang(RawOrigin.Call call) throws IOException {
    if (call.head().startsWith("GET /hang")) {
      // Too long to be held until it is whole.
      call.send("HTTP/1.1 200 OK\r\ncontent-length: " + BYTES + "\r\n\r\nx");
      call.awaitClose();
    } else {
      answerSmallOnes(call);
    }
  }

  @Test
  void whoHoldsNoConnectionOrHasTakenAllIsNotCutForOthers() throws Exception {
    try (RawOrigin foundry = new RawOrigin(StalledClientIT::answerOrHang);
        RunningProxy proxy = start(foundry.url(), "5m", 1)) {
      Metered metered = new Metered(proxy.adminPort());
      FrameClient stalled = null;
      if (wire.isHttp2()) {
        // Its answer is here whole, and waits for a window; over HTTP/1.1 the system takes it.
        stalled = FrameClient.opened(proxy.port(), 4, 0);
        stalled.request(1, true, "GET", "/small");
        Waits.until(() -> metered.value("rollout_buffered_bytes") > 0);
        Waits.pause(Duration.ofSeconds(2));
      }
      try (TextClient holder = proxy.client()) {
        holder.send("GET /hang HTTP/1.1\r\nHost: p\r\n\r\n");
        holder.readUntil("\r\n\r\nx");
        try (TextClient wants = proxy.client()) {
          wants.send("GET /small HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");
          assertThat(wants.readToEnd()).startsWith("HTTP/1.1 502");
        }
        // Twice as long as until the next look at the clients.
        Waits.pause(Duration.ofMillis(600));
        assertThat(metered.value("rollout_clients_stalled_total")).isZero();
      }
      if (stalled != null) {
        stalled.credit(1, 2);
        assertThat(stalled.end(1).type()).isEqualTo(FrameClient.DATA);
        stalled.close();
      }
    }
  }
}
