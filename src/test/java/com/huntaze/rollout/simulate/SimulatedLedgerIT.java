package com.huntaze.rollout.simulate;

import static com.huntaze.rollout.simulate.BackendClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The ledger's account of clients that stay and of clients that leave. */
@ExtendWith(VertxExtension.class)
class SimulatedLedgerIT {
  private static final String BODY = "{\"prompt\":\"hello\"}";

  @Test
  void completedRequestsAreCounted(Vertx vertx) {
    SimulatedBackend backend = start(vertx, 0.01);
    BackendClient client = new BackendClient(backend.port());

    client.post("/route", BODY);
    client.get("/health");

    LedgerSnapshot seen = await(backend.ledger().when(now -> now.completed() == 2));
    assertThat(seen.received()).isEqualTo(2);
    assertThat(seen.aborted()).isZero();
    assertThat(seen.openRequests()).isZero();
  }

  @Test
  void theLedgerCanBeReadOverHttpWithoutCountingItself(Vertx vertx) {
    BackendClient client = new BackendClient(start(vertx, 0.01).port());

    client.get("/health");
    JsonObject seen = new JsonObject(client.get("/__simulator").body());

    assertThat(seen.getInteger("received")).isEqualTo(1);
    assertThat(seen.getInteger("completed")).isEqualTo(1);
    assertThat(seen.getInteger("aborted")).isZero();
    assertThat(seen.getInteger("openRequests")).isZero();
    assertThat(seen.getInteger("openConnections")).isEqualTo(1);
  }

  @Test
  void clientsThatHangUpLeaveNothingOpen(Vertx vertx) throws IOException {
    SimulatedBackend backend = start(vertx, 100);
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      clients.add(post(backend, i % 2 == 0 ? "/route" : "/route/stream"));
    }
    await(backend.ledger().when(now -> now.openRequests() == 50));

    for (Socket client : clients) {
      client.close();
    }

    LedgerSnapshot seen = await(backend.ledger().when(now -> now.openConnections() == 0));
    assertThat(seen.aborted()).isEqualTo(50);
    assertThat(seen.completed()).isZero();
    assertThat(seen.openRequests()).isZero();
    assertThat(seen.connections()).isEqualTo(50);
  }

  @Test
  void aClientThatLeavesInTheMiddleOfAStreamIsAnAbort(Vertx vertx) throws IOException {
    SimulatedBackend backend = start(vertx, 1);

    try (Socket client = post(backend, "/route/stream")) {
      readUntil(client.getInputStream(), "data: ");
    }

    LedgerSnapshot seen = await(backend.ledger().when(now -> now.aborted() == 1));
    assertThat(seen.completed()).isZero();
    assertThat(seen.openRequests()).isZero();
  }

  @Test
  void aClientThatLeavesInTheMiddleOfItsBodyIsAnAbort(Vertx vertx) throws IOException {
    SimulatedBackend backend = start(vertx, 1);

    try (Socket client = new Socket("127.0.0.1", backend.port())) {
      write(client, "POST /route HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"prompt\":");
      await(backend.ledger().when(now -> now.received() == 1));
    }

    assertThat(await(backend.ledger().when(now -> now.aborted() == 1)).openRequests()).isZero();
  }

  @Test
  void closingTheBackendAbortsWhatIsOpen(Vertx vertx) throws IOException {
    SimulatedBackend backend = start(vertx, 100);
    try (Socket client = post(backend, "/route")) {
      await(backend.ledger().when(now -> now.openRequests() == 1));

      await(backend.close());

      LedgerSnapshot seen = await(backend.ledger().when(now -> now.aborted() == 1));
      assertThat(seen.openRequests()).isZero();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static SimulatedBackend start(Vertx vertx, double pace) {
    return await(SimulatedBackend.start(vertx, BackendProfile.foundry(0).withPace(pace)));
  }

  private static Socket post(SimulatedBackend backend, String path) throws IOException {
    Socket socket = new Socket("127.0.0.1", backend.port());
    String head = "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n";
    write(socket, head.formatted(path, BODY.length()) + BODY);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static void readUntil(InputStream input, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = input.read();
      assertThat(next).as("the stream goes on").isNotNegative();
      read.append((char) next);
    }
  }
}
