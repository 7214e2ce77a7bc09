package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The system calls by which the packaged jar writes a stream: events that come together leave
 * together. The kernel counts them, and counts them for each thread, so that the figure is the same
 * on a busy machine: other threads write more there, the loop that carries the stream does not.
 */
class PackagedWritesIT {
  private static final int READS = 400;
  private static final int EVENTS_A_READ = 3;

  /** A write each; the rest is the loop's own timers and what wakes other threads. */
  private static final double MOST_WRITES_A_READ = 1.1;

  private static final String EVENT =
      chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"}}]}\n\n");

  @Test
  void eventsThatComeTogetherLeaveInOneWrite() throws Exception {
    try (RawOrigin provider = new RawOrigin(PackagedWritesIT::stream);
        ProxyProcess proxy = start(provider.url())) {
      read(proxy);
      assertThat(writesARead(proxy)).as("writes a read").isBetween(0.5, MOST_WRITES_A_READ);
    }
  }

  private static double writesARead(ProxyProcess proxy) throws IOException {
    Map<Path, Long> before = writes(proxy.process());
    String answer = read(proxy);
    Map<Path, Long> after = writes(proxy.process());
    assertThat(answer.split("\"word\"", -1)).hasSize(READS * EVENTS_A_READ + 1);
    long most = 0;
    for (Map.Entry<Path, Long> thread : after.entrySet()) {
      most = Math.max(most, thread.getValue() - before.getOrDefault(thread.getKey(), 0L));
    }
    return (double) most / READS;
  }

  private static void stream(RawOrigin.Call call) throws IOException {
    call.send(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
    for (int i = 0; i < READS; i++) {
      call.send(EVENT.repeat(EVENTS_A_READ));
      // So long that the proxy has read it before the next is there.
      Waits.pause(Duration.ofMillis(5));
    }
    call.send(chunk("data: [DONE]\n\n") + "0\r\n\r\n");
  }

  private static String chunk(String text) {
    return "%x\r\n%s\r\n".formatted(text.length(), text);
  }

  private static String read(ProxyProcess proxy) throws IOException {
    try (RawClient client = new RawClient(proxy.port())) {
      String body = "{\"stream\":true}";
      client.send(
          "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
              + "content-length: %d\r\n\r\n%s".formatted(body.length(), body));
      return client.readUntil("\r\n0\r\n\r\n");
    }
  }

  /** The calls of write and writev by each thread of a process, as Linux counts them. */
  private static Map<Path, Long> writes(Process process) throws IOException {
    Map<Path, Long> writes = new HashMap<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        writes.put(thread, writesOf(thread));
      }
    }
    return writes;
  }

  /** Of one thread; none where it has ended since it was listed. */
  private static long writesOf(Path thread) {
    try {
      return Files.readAllLines(thread.resolve("io")).stream()
          .filter(line -> line.startsWith("syscw: "))
          .mapToLong(line -> Long.parseLong(line.substring("syscw: ".length())))
          .findFirst()
          .orElse(0);
    } catch (IOException ended) {
      return 0;
    }
  }

  private static ProxyProcess start(String provider) throws Exception {
    JsonObject settings =
        new JsonObject()
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("providers", RunningProxy.withoutProbes())
            .put("state", new JsonObject().put("dir", ""))
            .mergeIn(RunningProxy.before("foundry", provider, provider), true);
    return ProxyProcess.startAsShipped(
        List.of("-Xmx128m"),
        Map.of("LOG_FORMAT", "json"),
        "run",
        "--config",
        ProxyProcess.configuration(settings.encode()).toString());
  }
}
