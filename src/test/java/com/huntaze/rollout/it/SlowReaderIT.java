package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that ask for much and read nothing cost a bounded amount of memory each. */
@Tag("heavy")
class SlowReaderIT {
  private static final int READERS = 100;
  private static final String PIECE = "x".repeat(65_536);

  @Test
  void aHundredClientsThatDoNotReadFitIntoASmallHeap() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  if (call.head().contains("/big")) {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 20971520\r\n\r\n");
                    for (int i = 0; i < 320; i++) {
                      call.send(PIECE);
                      sent.addAndGet(PIECE.length());
                    }
                  } else {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
                  }
                });
        ProxyProcess proxy = start(origin)) {
      List<RawClient> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(new RawClient(proxy.port()).send("GET /big HTTP/1.1\r\nHost: p\r\n\r\n"));
      }
      awaitStandstill(sent);
      try (RawClient good = new RawClient(proxy.port())) {
        good.send("GET /good HTTP/1.1\r\nHost: p\r\n\r\n");
        assertThat(good.readUntil("ok")).startsWith("HTTP/1.1 200");
      }
      assertThat(proxy.output()).doesNotContain("OutOfMemory");
      for (RawClient reader : readers) {
        reader.hangUp();
      }
    }
  }

  private static ProxyProcess start(RawOrigin origin) throws Exception {
    String config =
        ProxyProcess.configuration(
                "{\"server\": {\"host\": \"127.0.0.1\", \"port\": 0}, \"admin\": {\"port\": 0}}")
            .toString();
    return ProxyProcess.startAsShipped(
        List.of("-Xmx80m"),
        Map.of("AI_PROVIDER", "foundry", "AI_ROUTER_URL", origin.url()),
        "run",
        "--config",
        config);
  }

  /** Waits until nothing more is taken from the origin: every queue on the way is full. */
  private static void awaitStandstill(AtomicLong sent) {
    AtomicLong before = new AtomicLong(-1);
    Waits.until(
        sent::get, now -> before.getAndSet(now) == now, () -> Waits.pause(Duration.ofSeconds(1)));
  }
}
