package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** SIGTERM: what can finish finishes, what cannot is told so, and the process ends with 0. */
@Tag("heavy")
@ParameterizedClass
@EnumSource(Wire.class)
class DrainIT {
  @Parameter Wire wire;

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  private static final String STREAM =
      "POST /route/stream HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}";

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private ProxyProcess proxy(RawOrigin origin, String timeout) throws Exception {
    String config =
        ProxyProcess.configuration(
                """
                {"server": %s, "admin": {"port": 0}, "drain": {"delay": "1s", "timeout": "%s"}}
                """
                    .formatted(wire.server().put("host", "127.0.0.1").put("port", 0), timeout))
            .toString();
    return ProxyProcess.start(
        List.of(),
        Map.of("AI_PROVIDER", "foundry", "AI_ROUTER_URL", origin.url()),
        "run",
        "--config",
        config);
  }

  private String readyz(int port) throws IOException {
    try (TextClient client = wire.client(port)) {
      client.send("GET /readyz HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");
      return client.readToEnd();
    }
  }

  private void awaitNotReady(int port) {
    Waits.until(() -> readyz(port), answer -> answer.startsWith("HTTP/1.1 503"));
  }

  @Test
  void letsStreamsFinish() throws Exception {
    CountDownLatch finish = new CountDownLatch(1);
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  if (call.head().startsWith("POST")) {
                    call.send(HEAD + chunk("data: one\n\n"));
                    finish.await();
                    call.send(chunk("data: [DONE]\n\n") + "0\r\n\r\n");
                  } else {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                  }
                });
        ProxyProcess proxy = proxy(origin, "30s")) {
      List<TextClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(wire.client(proxy.port()).send(STREAM));
      }
      for (TextClient client : clients) {
        client.readUntil("data: one\n\n");
      }
      proxy.process().toHandle().destroy();
      awaitNotReady(proxy.port());
      // Not ready, but a request that a load balancer still sends is served.
      try (TextClient late = wire.client(proxy.port())) {
        late.send("GET /late HTTP/1.1\r\nHost: p\r\n\r\n");
        assertThat(late.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
      }
      finish.countDown();
      for (TextClient client : clients) {
        assertThat(client.readUntil("\r\n0\r\n\r\n")).contains("[DONE]");
        client.close();
      }
      assertThat(proxy.process().waitFor(90, TimeUnit.SECONDS)).isTrue();
      assertThat(proxy.process().exitValue()).isZero();
      assertThat(proxy.finalOutput()).contains("Drained: 0 requests are cut");
    }
  }

  /** Its connection goes with it, and there is nothing to be asked that could fail again. */
  @Test
  void aRefusalSaysSoAndTakesItsConnectionAlong() throws Exception {
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  if (call.head().startsWith("POST")) {
                    call.send(HEAD + chunk("data: one\n\n"));
                    call.awaitClose();
                  } else {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                  }
                });
        ProxyProcess proxy = proxy(origin, "30s");
        TextClient stream = wire.client(proxy.port())) {
      stream.send(STREAM).readUntil("data: one\n\n");
      proxy.process().toHandle().destroy();
      String refused =
          Waits.until(() -> late(proxy.port()), answer -> answer.contains("SHUTTING_DOWN"));
      String lower = refused.toLowerCase(Locale.ROOT);
      assertThat(lower).startsWith("http/1.1 503").contains("retry-after: 1");
      assertThat(lower).doesNotContain("x-should-retry", "x-ai-attempts");
      assertThat(lower.contains("connection: close")).isEqualTo(!wire.isHttp2());
    }
  }

  /** An answer to a request that may come too late, to the end of its connection. */
  private String late(int port) throws IOException {
    try (TextClient client = wire.client(port)) {
      return client.send("GET /late HTTP/1.1\r\nHost: p\r\n\r\n").readUntil("\r\n\r\n")
          + client.readToEnd();
    } catch (IOException | AssertionError gone) {
      return "";
    }
  }

  @Test
  void cutsWhatDoesNotFinishHonestly() throws Exception {
    try (RawOrigin origin =
            new RawOrigin(
                call -> {
                  if (call.head().startsWith("POST")) {
                    call.send(HEAD + chunk("data: one\n\n"));
                    call.awaitClose();
                  } else {
                    call.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                  }
                });
        ProxyProcess proxy = proxy(origin, "1s")) {
      TextClient client = wire.client(proxy.port()).send(STREAM);
      client.readUntil("data: one\n\n");
      proxy.process().toHandle().destroy();
      String rest = client.readToEnd();
      assertThat(rest).contains("data: {\"error\":", "SHUTTING_DOWN").doesNotContain("[DONE]");
      assertThat(rest).doesNotEndWith("0\r\n\r\n");
      assertThat(proxy.process().waitFor(90, TimeUnit.SECONDS)).isTrue();
      assertThat(proxy.process().exitValue()).isZero();
    }
  }
}
