package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * SIGTERM under load: open streams, answers that are being made, and requests that keep coming.
 * Nobody is left with a part of what could have been whole.
 */
@Tag("alone")
@Tag("full")
@Tag("heavy")
class DrainLoadIT {
  private static final boolean HEAVY = Boolean.getBoolean("rollout.heavy");

  /** Half of them end within the limit, half do not. */
  private static final int STREAMS = HEAVY ? 200 : 20;

  private static final int CALLERS = HEAVY ? 16 : 4;
  private static final long ANSWER_MILLIS = 150;

  private final CountDownLatch finish = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
  private volatile boolean over;

  @AfterEach
  void stop() {
    over = true;
    finish.countDown();
    threads.shutdownNow();
  }

  private void answer(RawOrigin.Call call) throws IOException, InterruptedException {
    if (!call.head().contains("/route/stream")) {
      Waits.pause(Duration.ofMillis(ANSWER_MILLIS));
      call.send(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n"
              + "{\"whole\":true}");
      return;
    }
    call.send(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
            + chunk("data: begun\n\n"));
    if (call.head().contains("endless")) {
      call.awaitClose();
    } else {
      finish.await();
      call.send(chunk("data: more\n\n"));
      call.send(chunk("data: [DONE]\n\n") + "0\r\n\r\n");
    }
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static ProxyProcess proxy(RawOrigin origin) throws Exception {
    JsonObject settings =
        RunningProxy.before("foundry", origin.url(), "http://127.0.0.1:1")
            .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("drain", new JsonObject().put("delay", "1s").put("timeout", "2s"));
    return ProxyProcess.start(
        List.of(),
        Map.of(),
        "run",
        "--config",
        ProxyProcess.configuration(settings.encode()).toString());
  }

  private RawClient stream(int port, String query) throws IOException {
    RawClient client = new RawClient(port);
    client.send(
        "POST /route/stream?" + query + " HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}");
    return client;
  }

  /** Asks again and again, on a new connection each time, until the process has gone. */
  private void call(int port) {
    while (!over) {
      try (RawClient client = new RawClient(port)) {
        client.send("POST /route HTTP/1.1\r\nHost: p\r\nConnection: close\r\n");
        client.send("Content-Length: 2\r\n\r\n{}");
        count(kind(client.readToEnd()));
      } catch (IOException refused) {
        count("no answer");
      }
      Waits.pause(Duration.ofMillis(20));
    }
  }

  private static String kind(String read) {
    if (read.isEmpty()) {
      return "no answer";
    }
    RawAnswer answer = RawAnswer.of(read);
    boolean shutting = answer.status() == 503 && answer.body().contains("SHUTTING_DOWN");
    return !answer.whole() ? "a part: " + read : shutting ? "refused" : "answer " + answer.status();
  }

  private void count(String kind) {
    seen.computeIfAbsent(kind, first -> new AtomicInteger()).incrementAndGet();
  }

  private int count(Callable<Boolean> until, String kind) {
    Waits.until(() -> "seen: " + seen, until);
    return of(kind);
  }

  private int of(String kind) {
    AtomicInteger count = seen.get(kind);
    return count == null ? 0 : count.get();
  }

  private static boolean ready(int port) {
    try (RawClient client = new RawClient(port)) {
      client.send("GET /readyz HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n");
      return !client.readToEnd().startsWith("HTTP/1.1 503");
    } catch (IOException gone) {
      throw new AssertionError("not ready any more, but gone", gone);
    }
  }

  @Test
  void nobodyIsLeftWithAPart() throws Exception {
    try (RawOrigin origin = new RawOrigin(this::answer);
        ProxyProcess proxy = proxy(origin)) {
      int port = proxy.port();
      List<CompletableFuture<String>> ending = new ArrayList<>();
      List<CompletableFuture<String>> endless = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        boolean ends = i % 2 == 0;
        RawClient client = stream(port, ends ? "ending" : "endless");
        client.readUntil("data: begun\n\n");
        (ends ? ending : endless).add(CompletableFuture.supplyAsync(client::readToEnd, threads));
      }
      for (int i = 0; i < CALLERS; i++) {
        threads.execute(() -> call(port));
      }
      count(() -> of("answer 200") > CALLERS, "answer 200");

      proxy.process().toHandle().destroy();
      int before = count(() -> !ready(port), "answer 200");
      // Not ready, and yet all that still come are served, until the delay has passed.
      count(() -> of("answer 200") > before, "answer 200");
      count(() -> of("refused") > 0, "refused");
      finish.countDown();

      for (CompletableFuture<String> stream : ending) {
        assertThat(stream.get(90, TimeUnit.SECONDS))
            .contains("data: more\n\n", "data: [DONE]\n\n")
            .endsWith("\r\n0\r\n\r\n")
            .doesNotContain("error");
      }
      for (CompletableFuture<String> stream : endless) {
        String rest = stream.get(90, TimeUnit.SECONDS);
        assertThat(rest).containsOnlyOnce("data: {\"error\":").contains("SHUTTING_DOWN");
        assertThat(rest).doesNotContain("[DONE]").doesNotEndWith("0\r\n\r\n");
      }
      assertThat(proxy.process().waitFor(90, TimeUnit.SECONDS)).isTrue();
      over = true;
      assertThat(proxy.process().exitValue()).isZero();
      assertThat(seen.keySet()).isSubsetOf("answer 200", "refused", "no answer");
      assertThat(proxy.finalOutput())
          .contains("Drained: %d requests are cut".formatted(STREAMS / 2));
    }
  }
}
