package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies on their way to a provider that takes nothing of them, or that come a byte at a time. */
@Tag("heavy")
class UploadsIT {
  private static final int LARGE = 30 << 20;
  private static final String HELD = "rollout_buffered_bytes";

  private final Vertx vertx = Vertx.vertx();
  private HttpServer origin;
  private RunningProxy proxy;

  @BeforeEach
  void serve() {
    origin =
        RunningProxy.await(
            vertx.createHttpServer().requestHandler(UploadsIT::answer).listen(0, "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    proxy.close();
    RunningProxy.await(vertx.close());
  }

  /** Says how long a body was, but of a stuck one it reads nothing. */
  private static void answer(HttpServerRequest request) {
    if (request.path().equals("/stuck")) {
      request.pause();
    } else {
      request.body().onSuccess(body -> request.response().end("took " + body.length()));
    }
  }

  private void start(Wire wire) {
    String url = "http://127.0.0.1:" + origin.actualPort();
    JsonObject settings =
        RunningProxy.before("foundry", url, url)
            .put("server", wire.server().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0));
    proxy = RunningProxy.start(settings);
  }

  private HttpRequest post(String path, byte[] body) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + proxy.port() + path))
        .timeout(Duration.ofSeconds(20))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  /** One window for all streams of a connection: the stuck one must not use it up. */
  @Test
  void anUploadThatIsStuckLeavesRoomForTheOthersOfItsConnection() throws Exception {
    start(Wire.HTTP_2);
    HttpClient client = Wire.HTTP_2.client();
    Metered metered = new Metered(proxy.adminPort());
    CompletableFuture<HttpResponse<String>> stuck =
        client.sendAsync(post("/stuck", new byte[LARGE]), HttpResponse.BodyHandlers.ofString());
    Waits.until(() -> metered.value(HELD) > 0 && metered.value(HELD) == later(metered));
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> answer =
          client.send(post("/small", new byte[2_000]), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).isEqualTo("took 2000");
    }
    assertThat(stuck).isNotDone();
    stuck.cancel(true);
  }

  private static double later(Metered metered) {
    Waits.pause(Duration.ofMillis(300));
    return metered.value(HELD);
  }

  @Test
  void whatAProviderDoesNotTakeCountsAndIsLittle() throws Exception {
    start(Wire.HTTP_1_1);
    Metered metered = new Metered(proxy.adminPort());
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      Thread sender = new Thread(() -> pour(client));
      sender.setDaemon(true);
      sender.start();
      Waits.until(() -> metered.value(HELD) > 0 && metered.value(HELD) == later(metered));
      assertThat(metered.value(HELD)).isBetween(1_000.0, 150_000.0);
    }
    metered.awaitValue(HELD, 0);
    metered.awaitValue("rollout_requests_in_flight", 0);
  }

  private static void pour(Socket client) {
    String head = "POST /stuck HTTP/1.1\r\nHost: p\r\nContent-Length: " + LARGE + "\r\n\r\n";
    try {
      client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      client.getOutputStream().write(new byte[LARGE]);
    } catch (IOException closed) {
      // As it is to be.
    }
  }

  /** Chunks of one byte each count what they cost, and the body is the same. */
  @Test
  void aBodyOfSingleBytesCountsWhatItCosts() throws Exception {
    start(Wire.HTTP_1_1);
    Metered metered = new Metered(proxy.adminPort());
    int bytes = 50_000;
    try (RawClient client = new RawClient(proxy.port())) {
      client.send("POST /small HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("1\r\nx\r\n".repeat(bytes));
      Waits.until(() -> metered.value(HELD) > 0 && metered.value(HELD) == later(metered));
      assertThat(metered.value(HELD)).isBetween(2.0 * bytes - 3, 2.0 * bytes + 3_000);
      client.send("0\r\n\r\n");
      assertThat(client.readUntil("took " + bytes)).startsWith("HTTP/1.1 200 ");
    }
    metered.awaitValue(HELD, 0);
  }
}
