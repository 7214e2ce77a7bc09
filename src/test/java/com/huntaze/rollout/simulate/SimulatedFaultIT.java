package com.huntaze.rollout.simulate;

import static com.huntaze.rollout.simulate.BackendClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults that are switched on and off while the backend runs. */
@ExtendWith(VertxExtension.class)
class SimulatedFaultIT {
  private static final String BODY = "{\"prompt\":\"hello\"}";

  private SimulatedBackend backend;
  private BackendClient client;

  @BeforeEach
  void start(Vertx vertx) {
    backend = await(SimulatedBackend.start(vertx, BackendProfile.foundry(0).withPace(0.01)));
    client = new BackendClient(backend.port());
  }

  @Test
  void anErrorRateOfOneFailsEverythingButHealth() {
    backend.fault(Fault.errorRate(1));

    HttpResponse<String> response = client.post("/route", BODY);

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(new JsonObject(response.body()).getString("detail")).contains("simulated");
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void anErrorRateOfAHalfFailsAboutHalf() {
    backend.fault(Fault.errorRate(0.5));

    int failed = 0;
    for (int i = 0; i < 100; i++) {
      failed += client.post("/route", BODY).statusCode() == 500 ? 1 : 0;
    }

    assertThat(failed).isBetween(30, 70);
  }

  @Test
  void aFaultThatIsTakenAwayIsGoneWithTheNextRequest() {
    backend.fault(Fault.errorRate(1));
    client.post("/route", BODY);

    backend.fault(Fault.none());

    assertThat(client.post("/route", BODY).statusCode()).isEqualTo(200);
  }

  @Test
  void aSlowBackendTakesAMultipleOfItsTimes() {
    backend.fault(Fault.slow(20));

    long started = System.nanoTime();
    HttpResponse<String> response = client.post("/route", BODY);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);

    assertThat(response.statusCode()).isEqualTo(200);
    // 420 ms at the median, a hundredth of it by the pace, twenty times that by the fault.
    assertThat(millis).isGreaterThanOrEqualTo(25);
  }

  @Test
  void aThrottledBackendAnswers429() {
    backend.fault(Fault.throttle(1));

    assertThat(client.post("/route", BODY).statusCode()).isEqualTo(429);
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void aSlowStartDelaysTheFirstTokenAndNotThoseAfterIt() {
    backend.fault(Fault.slowStart(300));

    long started = System.nanoTime();
    List<BackendClient.Event> events =
        client.stream("/route/stream", new JsonObject().put("prompt", "hello"));

    assertThat(events.get(0).nanos() - started).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(299));
    long rest = events.get(events.size() - 1).nanos() - events.get(0).nanos();
    // Twenty tokens and more, each of which would take as long.
    assertThat(rest).isLessThan(TimeUnit.MILLISECONDS.toNanos(300 * 20));
  }

  @Test
  void aCutStreamHasSomeWordsAndNoEnd() {
    backend.fault(Fault.cutStreams());
    JsonObject body = new JsonObject().put("prompt", "hello");

    assertThatThrownBy(() -> client.stream("/route/stream", body))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(client.post("/route", BODY).statusCode()).isEqualTo(200);
  }

  @Test
  void junkIsHalfAJsonDocumentOrAnErrorInAGoodStream() {
    backend.fault(Fault.junk(1));

    assertThatThrownBy(() -> client.post("/route", BODY)).isInstanceOf(UncheckedIOException.class);
    List<BackendClient.Event> events =
        client.stream("/route/stream", new JsonObject().put("prompt", "hello"));
    assertThat(events).hasSize(1);
    assertThat(events.get(0).json().getJsonObject("error").getString("message"))
        .contains("simulated");
  }

  @Test
  void aStalledStreamHasSomeWordsAndNeitherMoreNorAnEnd() throws Exception {
    backend.fault(Fault.stallStreams());

    try (Socket socket = new Socket("127.0.0.1", backend.port())) {
      socket.setSoTimeout(300);
      String head = "POST /route/stream HTTP/1.1\r\nHost: x\r\nContent-Length: 18\r\n\r\n" + BODY;
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      StringBuilder read = new StringBuilder();
      assertThatThrownBy(
              () -> {
                for (int each; (each = socket.getInputStream().read()) >= 0; ) {
                  read.append((char) each);
                }
              })
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(read.toString().split("data: ")).hasSize(6);
    }
  }

  @Test
  void aHangingBackendAnswersNothingButHealth() throws Exception {
    backend.fault(Fault.hang());

    try (Socket socket = new Socket("127.0.0.1", backend.port())) {
      socket.setSoTimeout(300);
      String head = "POST /route HTTP/1.1\r\nHost: x\r\nContent-Length: 18\r\n\r\n" + BODY;
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
  }
}
