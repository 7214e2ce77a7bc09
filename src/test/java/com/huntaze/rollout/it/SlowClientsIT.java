package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that say a byte now and then to keep what they hold (slowloris, slow bodies): all are
 * closed at their deadlines, and meanwhile everybody else is served.
 */
@Tag("sized")
class SlowClientsIT {
  /** Five thousand need ten thousand open files in this process. */
  private static final int HEADS = Boolean.getBoolean("rollout.heavy") ? 5_000 : 1_000;

  private static final int BODIES = 200;
  private static final Duration BETWEEN_BYTES = Duration.ofMillis(50);
  private static final Duration GOOD_WITHIN = Duration.ofSeconds(3);
  private static final String GOOD = "GET /good HTTP/1.1\r\nHost: p\r\n\r\n";

  private static RawOrigin origin;
  private static RunningProxy proxy;

  @BeforeAll
  static void start() {
    origin = new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
    proxy =
        RunningProxy.start(
            RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1")
                .put("server", new JsonObject().put("headerTimeout", "2s"))
                .put(
                    "timeouts",
                    new JsonObject().put("toFirstContent", "3s").put("fallbackReserve", "1s")));
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    origin.close();
  }

  @Test
  void headsThatTrickleAreClosedAtTheirDeadline() throws IOException {
    areClosedWhileOthersAreServed(HEADS, "GET /x HTTP/1.1\r\nHost: p\r\nX-Slow: ", "");
  }

  @Test
  void bodiesThatTrickleAreToldAndClosedAtTheirDeadline() throws IOException {
    String head = "POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 100000\r\n\r\n";
    areClosedWhileOthersAreServed(BODIES, head, "\"code\":\"TIMEOUT\"");
  }

  private static void areClosedWhileOthersAreServed(int clients, String begin, String told)
      throws IOException {
    List<SlowClient> slow = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      slow.add(new SlowClient(begin));
    }
    AtomicInteger rounds = new AtomicInteger();
    Waits.until(
        () -> slow.stream().filter(SlowClient::open).count(),
        open -> open == 0,
        () -> {
          slow.forEach(SlowClient::sayAByte);
          goodIsAnswered();
          rounds.incrementAndGet();
          Waits.pause(BETWEEN_BYTES);
        });
    assertThat(rounds).as("good requests meanwhile").hasValueGreaterThan(1);
    assertThat(slow).allSatisfy(client -> assertThat(client.heard()).contains(told));
    new Metered(proxy.adminPort()).awaitValue("rollout_requests_in_flight", 0);
    new Metered(proxy.adminPort()).awaitValue("rollout_client_connections", 0);
  }

  private static void goodIsAnswered() throws IOException {
    long begun = System.nanoTime();
    try (RawClient client = new RawClient(proxy.port())) {
      assertThat(client.send(GOOD).readUntil("ok")).startsWith("HTTP/1.1 200 ");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Waits.bound(GOOD_WITHIN));
  }

  /** One that never finishes. It does not block: a thousand of them share the test's thread. */
  private static final class SlowClient {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(2_048);
    private boolean open = true;

    SlowClient(String begin) throws IOException {
      channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
      channel.write(ByteBuffer.wrap(begin.getBytes(StandardCharsets.ISO_8859_1)));
      channel.configureBlocking(false);
    }

    boolean open() {
      return open;
    }

    String heard() {
      return new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
    }

    void sayAByte() {
      if (!open) {
        return;
      }
      try {
        open = channel.read(in) >= 0;
        if (open) {
          channel.write(ByteBuffer.wrap(new byte[] {'a'}));
        } else {
          channel.close();
        }
      } catch (IOException reset) {
        open = false;
      }
    }
  }
}
