package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The end of an HTTP/1.1 connection at a drain (RFC 9112 §9.6): the answer that is its last one
 * says so, so that its client sends the next request elsewhere and none gets lost with it.
 */
class CloseFieldIT {
  private static ProxyProcess proxy(RawOrigin origin, String delay) throws Exception {
    String config =
        ProxyProcess.configuration(
                """
                {"server": %s, "admin": {"port": 0}, "drain": {"delay": "%s", "timeout": "30s"}}
                """
                    .formatted(
                        Wire.HTTP_1_1.server().put("host", "127.0.0.1").put("port", 0), delay))
            .toString();
    return ProxyProcess.start(
        List.of(),
        Map.of("AI_PROVIDER", "foundry", "AI_ROUTER_URL", origin.url()),
        "run",
        "--config",
        config);
  }

  private static RawOrigin origin() throws Exception {
    return new RawOrigin(call -> call.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
  }

  private static String answer(TextClient client, String path) throws Exception {
    client.send("GET " + path + " HTTP/1.1\r\nHost: p\r\n\r\n");
    return client.readUntil("\r\n\r\nok").toLowerCase(Locale.ROOT);
  }

  @Test
  void anAnswerWhileTheProcessLeavesIsTheLastOfItsConnection() throws Exception {
    try (RawOrigin origin = origin();
        ProxyProcess proxy = proxy(origin, "40s");
        TextClient kept = new RawClient(proxy.port())) {
      assertThat(answer(kept, "/before")).doesNotContain("connection: close");
      assertThat(answer(kept, "/before")).doesNotContain("connection: close");
      proxy.process().toHandle().destroy();
      // Any connection, whether it was there before or is new.
      String last =
          Waits.until(
              () -> {
                try (TextClient fresh = new RawClient(proxy.port())) {
                  return answer(fresh, "/late");
                }
              },
              answer -> answer.contains("connection: close"));
      assertThat(last).startsWith("http/1.1 200");
      long began = System.nanoTime();
      assertThat(answer(kept, "/late")).startsWith("http/1.1 200").contains("connection: close");
      assertThat(kept.readToEnd()).isEmpty();
      // Long before the delay is over: the answer ends it, and not the process.
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }
  }
}
