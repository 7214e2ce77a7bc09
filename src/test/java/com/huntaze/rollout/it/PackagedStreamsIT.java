package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Memory: the objects that the packaged jar holds for a stream that is open, after its first
 * events. They are counted after a full collection, so that the figure is the same on a busy
 * machine. {@code docs/performance.md} tells what it should be.
 */
@Tag("heavy")
class PackagedStreamsIT {
  private static final int STREAMS = 2_000;
  private static final int WARM = 200;

  /** The most that an open stream may hold: what was measured, and a twentieth. */
  private static final long MOST_BYTES = 13_300;

  private static final String EXCHANGE = "com.huntaze.rollout.proxy.Exchange";

  private static final String EVENT =
      chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"}}]}\n\n");
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

  @Test
  void anOpenStreamHoldsLittleMemory() throws Exception {
    try (Endless provider = new Endless();
        ProxyProcess proxy = start(provider.url());
        LiveHeap heap = new LiveHeap(proxy.process())) {
      open(proxy.port(), WARM).close();
      // Those that have warmed it up must be gone, or each would count as one that is not there.
      Map<String, Long> before =
          Waits.until(heap::bytes, held -> held.getOrDefault(EXCHANGE, 0L) == 0);
      try (Streams streams = open(proxy.port(), STREAMS)) {
        Map<String, Long> after = heap.bytes();
        assertThat(streams.sockets()).hasSize(STREAMS);
        Map<String, Long> each = new TreeMap<>();
        after.forEach((name, sum) -> each.put(name, sum - before.getOrDefault(name, 0L)));
        each.replaceAll((name, sum) -> sum / STREAMS);
        long total = each.values().stream().mapToLong(Long::longValue).sum();
        assertThat(total).as(largest(each)).isBetween(1_000L, MOST_BYTES);
      }
    }
  }

  private static String largest(Map<String, Long> bytes) {
    return bytes.entrySet().stream()
        .sorted(Comparator.comparing(each -> -each.getValue()))
        .limit(60)
        .map(each -> each.getValue() + " " + each.getKey())
        .collect(Collectors.joining("\n", "bytes a stream:\n", "\n"));
  }

  private static String chunk(String text) {
    return "%x\r\n%s\r\n".formatted(text.length(), text);
  }

  /** Streams that are open at their clients. */
  private record Streams(List<Socket> sockets) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static Streams open(int port, int count) throws IOException {
    String body =
        "{\"model\":\"gpt-4o\",\"user\":\"user-7\",\"stream\":true,\"messages\":"
            + "[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted("a question ".repeat(80));
    byte[] request =
        ("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: openai-python/1.0\r\n"
                + "accept: text/event-stream\r\ncontent-type: application/json\r\n"
                + "content-length: %d\r\n\r\n%s".formatted(body.length(), body))
            .getBytes(StandardCharsets.ISO_8859_1);
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      sockets.add(socket);
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(request);
      readUntil(socket.getInputStream(), "word");
    }
    return new Streams(sockets);
  }

  private static void readUntil(InputStream in, String part) throws IOException {
    byte[] buffer = new byte[8_192];
    String read = "";
    while (!read.contains(part)) {
      int more = in.read(buffer);
      if (more < 0) {
        throw new IOException("ended: " + read);
      }
      read += new String(buffer, 0, more, StandardCharsets.ISO_8859_1);
    }
  }

  /** A provider whose streams begin and do not end. It takes one connection after the other. */
  private static final class Endless implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new ArrayList<>();

    Endless() throws IOException {
      Thread thread = new Thread(this::accept, "endless");
      thread.setDaemon(true);
      thread.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = server.accept();
          sockets.add(socket);
          readUntil(socket.getInputStream(), "]}");
          socket
              .getOutputStream()
              .write((HEAD + EVENT.repeat(3)).getBytes(StandardCharsets.ISO_8859_1));
        }
      } catch (IOException closed) {
        // The test is over.
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static ProxyProcess start(String provider) throws Exception {
    JsonObject settings =
        new JsonObject()
            .put(
                "server",
                new JsonObject().put("host", "127.0.0.1").put("port", 0).put("eventLoops", 1))
            .put("admin", new JsonObject().put("port", 0))
            .put("providers", RunningProxy.withoutProbes())
            .put("state", new JsonObject().put("dir", ""))
            .mergeIn(RunningProxy.before("foundry", provider, provider), true)
            .mergeIn(pool(), true);
    return ProxyProcess.startAsShipped(
        List.of("-Xmx256m"),
        Map.of("LOG_FORMAT", "json"),
        "run",
        "--config",
        ProxyProcess.configuration(settings.encode()).toString());
  }

  private static JsonObject pool() {
    JsonObject enough =
        new JsonObject().put("pool", new JsonObject().put("maxConnections", 2 * STREAMS));
    return new JsonObject()
        .put("providers", new JsonObject().put("foundry", enough).put("legacy", enough));
  }
}
