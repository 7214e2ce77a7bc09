package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The system calls by which the packaged jar writes a stream: events that come together leave
 * together. The kernel counts them, so that the figure is the same on a busy machine.
 */
class PackagedWritesIT {
  private static final int READS = 400;
  private static final int EVENTS_A_READ = 3;
  private static final int STREAMS = 3;

  /** A write each; what is left is the access log's, the timers' and other threads'. */
  private static final double MOST_WRITES_A_READ = 1.1;

  private static final String EVENT =
      chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"}}]}\n\n");

  @Test
  void eventsThatComeTogetherLeaveInOneWrite() throws Exception {
    try (RawOrigin provider = new RawOrigin(PackagedWritesIT::stream);
        ProxyProcess proxy = start(provider.url())) {
      read(proxy);
      // What other threads write meanwhile is more where a stream takes longer, never less.
      double least = Double.MAX_VALUE;
      for (int i = 0; i < STREAMS; i++) {
        least = Math.min(least, writesARead(proxy));
      }
      assertThat(least).as("writes a read").isBetween(0.5, MOST_WRITES_A_READ);
    }
  }

  private static double writesARead(ProxyProcess proxy) throws IOException {
    long before = writes(proxy.process());
    String answer = read(proxy);
    double perRead = (double) (writes(proxy.process()) - before) / READS;
    assertThat(answer.split("\"word\"", -1)).hasSize(READS * EVENTS_A_READ + 1);
    return perRead;
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

  /** The calls of write and writev by all threads of a process, as Linux counts them. */
  private static long writes(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/io")).stream()
        .filter(line -> line.startsWith("syscw: "))
        .mapToLong(line -> Long.parseLong(line.substring("syscw: ".length())))
        .findFirst()
        .orElseThrow();
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
