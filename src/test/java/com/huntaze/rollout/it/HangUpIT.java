package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import com.huntaze.rollout.simulate.BackendProfile;
import com.huntaze.rollout.simulate.SimulatedBackend;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that leaves stops the model at once, in every phase of its request. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class HangUpIT {
  @Parameter Wire wire;

  private static final String UNUSED = "http://127.0.0.1:1";
  private static final String POST =
      "POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}";

  private RunningProxy foundry(String url) {
    return RunningProxy.start(wire, RunningProxy.before("foundry", url, UNUSED));
  }

  private static void leave(TextClient client, String how) throws Exception {
    if (how.equals("reset")) {
      client.reset();
    } else {
      client.hangUp();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fin", "reset"})
  void closesTheUpstreamWhileItThinks(String how) throws Exception {
    try (RawOrigin origin = new RawOrigin(RawOrigin.Call::awaitClose);
        RunningProxy proxy = foundry(origin.url())) {
      TextClient client = proxy.client();
      client.send(POST);
      origin.nextHead();
      leave(client, how);
      assertThat(origin.nextClosed(5_000)).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fin", "reset"})
  void closesTheUpstreamInTheMiddleOfAStream(String how) throws Exception {
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  call.send(
                      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                          + "transfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
                  call.awaitClose();
                });
        RunningProxy proxy = foundry(origin.url())) {
      TextClient client = proxy.client();
      client.send(POST).readUntil("data: 1\n\n");
      leave(client, how);
      assertThat(origin.nextClosed(5_000)).isNotNull();
    }
  }

  @Test
  void closesTheUpstreamWhenTheClientStopsReadingAndLeaves() throws Exception {
    byte[] piece = new byte[65_536];
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  call.send("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n");
                  String text = new String(piece, java.nio.charset.StandardCharsets.ISO_8859_1);
                  while (true) {
                    call.send(text);
                  }
                });
        RunningProxy proxy = foundry(origin.url())) {
      TextClient client = proxy.client();
      client.send(POST).readUntil("\r\n\r\n");
      // Nothing is read any more: the relay stands still, paused, when the client leaves.
      assertThat(origin.nextClosed(500)).isNull();
      client.hangUp();
      assertThat(origin.nextClosed(5_000)).isNotNull();
    }
  }

  @Test
  void closesTheUpstreamInTheMiddleOfAnUpload() throws Exception {
    try (RawOrigin origin = new RawOrigin(RawOrigin.Call::awaitClose);
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                RunningProxy.before("foundry", origin.url(), UNUSED)
                    .put("server", new JsonObject().put("replayBytes", 10)))) {
      TextClient client = proxy.client();
      client.send("POST /route HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("40\r\n" + "x".repeat(64) + "\r\n");
      assertThat(origin.nextHead()).isNotNull();
      client.hangUp();
      assertThat(origin.nextClosed(5_000)).isNotNull();
    }
  }

  @Test
  void callsNobodyWhenTheClientLeavesInTheMiddleOfAShortBody() throws Exception {
    try (RawOrigin origin = new RawOrigin(RawOrigin.Call::awaitClose);
        RunningProxy proxy = foundry(origin.url())) {
      TextClient client = proxy.client();
      client.send("POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 100\r\n\r\n{");
      client.hangUp();
      assertThat(origin.nextHead(300)).isNull();
    }
  }

  @Test
  void doesNotCountAClientThatLeavesWithinItsBodyAsRefused() throws Exception {
    try (RunningProxy proxy = foundry(UNUSED)) {
      TextClient client = proxy.client();
      client.send("POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 100\r\n\r\n{");
      Waits.until(() -> metric(proxy, "rollout_requests_in_flight").equals("1.0"));
      client.hangUp();
      Waits.until(() -> metric(proxy, "rollout_requests_in_flight").equals("0.0"));
      assertThat(metric(proxy, "rollout_requests_refused_total")).isEqualTo("0.0");
    }
  }

  @Test
  void sendsNothingWhenTheClientLeavesWhileTheConnectionIsBeingMade() throws Exception {
    // A listener whose backlog is full leaves the next connections waiting in their handshake.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RunningProxy proxy =
            RunningProxy.start(
                wire,
                RunningProxy.before(
                    "foundry", "http://127.0.0.1:" + full.getLocalPort(), UNUSED))) {
      List<Socket> fillers = fill(full);
      TextClient client = proxy.client();
      client.send(POST);
      Waits.until(() -> metric(proxy, "rollout_requests_in_flight").equals("1.0"));
      client.hangUp();
      Waits.until(() -> metric(proxy, "rollout_requests_in_flight").equals("0.0"));
      full.setSoTimeout(2_500);
      int requests = 0;
      try {
        while (true) {
          try (Socket accepted = full.accept()) {
            accepted.setSoTimeout(300);
            requests += sentSomething(accepted) ? 1 : 0;
          }
        }
      } catch (java.net.SocketTimeoutException nobodyElse) {
        assertThat(requests).isZero();
      }
      for (Socket filler : fillers) {
        filler.close();
      }
    }
  }

  private static List<Socket> fill(ServerSocket full) throws Exception {
    List<Socket> fillers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Socket filler = new Socket();
      try {
        filler.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 300);
        fillers.add(filler);
      } catch (java.net.SocketTimeoutException isFull) {
        filler.close();
        return fillers;
      }
    }
    return fillers;
  }

  private static boolean sentSomething(Socket accepted) throws Exception {
    try {
      return accepted.getInputStream().read() >= 0;
    } catch (java.io.IOException silent) {
      return false;
    }
  }

  @Test
  void leavesNoConnectionBehindAfterAThousandAborts() throws Exception {
    Vertx vertx = Vertx.vertx();
    SimulatedBackend backend =
        RunningProxy.await(SimulatedBackend.start(vertx, BackendProfile.foundry(0)));
    try (RunningProxy proxy = foundry("http://127.0.0.1:" + backend.port())) {
      String body =
          "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
      String request =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: p\r\ncontent-type: application/json\r\n"
              + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
      for (int round = 0; round < 10; round++) {
        List<TextClient> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          clients.add(proxy.client().send(request));
        }
        for (int i = 0; i < 100; i++) {
          if (i % 3 == 0) {
            clients.get(i).readUntil("data: ");
          }
          leave(clients.get(i), i % 2 == 0 ? "reset" : "fin");
        }
      }
      Waits.until(() -> backend.ledger().snapshot().openRequests() == 0);
      Waits.until(() -> backend.ledger().snapshot().openConnections() == 0);
      Waits.until(() -> metric(proxy, "rollout_requests_in_flight").equals("0.0"));
      assertThat(proxy.get("/health").statusCode()).isEqualTo(200);
    }
    RunningProxy.await(vertx.close());
  }

  private static String metric(RunningProxy proxy, String name) {
    try {
      return proxy
          .admin("GET", "/metrics", null)
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .map(line -> line.substring(name.length() + 1))
          .findFirst()
          .orElseThrow();
    } catch (java.io.IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }
}
