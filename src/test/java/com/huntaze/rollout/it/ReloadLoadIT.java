package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred reloads, two a second, under load and with open streams: nobody notices, and nothing is
 * left behind. Each moves a provider, changes keys, limits, deadlines and channels, or is broken.
 */
@Tag("alone")
@Tag("full")
@Tag("heavy")
class ReloadLoadIT {
  private static final boolean HEAVY = Boolean.getBoolean("rollout.heavy");
  private static final int RELOADS = HEAVY ? 100 : 20;
  private static final int STREAMS = 50;

  private static final String JSON =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n"
          + "{\"whole\":true}";

  @TempDir private Path folder;
  private final CountDownLatch finish = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> failed = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean over;

  @AfterEach
  void stop() {
    over = true;
    finish.countDown();
    threads.shutdownNow();
  }

  private void answer(RawOrigin.Call call) throws IOException, InterruptedException {
    if (!call.head().contains("/route/stream")) {
      call.send(JSON);
      return;
    }
    call.send(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
            + chunk("data: begun\n\n"));
    finish.await();
    call.send(chunk("data: [DONE]\n\n") + "0\r\n\r\n");
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private JsonObject document(String foundry, String legacy, int revision) {
    return RunningProxy.before(
            revision % 5 == 4 ? "foundry" : "canary", revision % 2 == 0 ? foundry : legacy, legacy)
        .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
        .put("admin", new JsonObject().put("port", 0))
        .put("state", new JsonObject().put("dir", ""))
        .put("accessLog", new JsonObject().put("queue", 1_000 + revision % 3))
        .put("canary", new JsonObject().put("autoStart", true).put("salt", "s" + revision % 4))
        .put(
            "health",
            new JsonObject()
                .put("latencyP95", new JsonObject().put("limit", revision % 3 + 5 + "s")))
        .put("timeouts", new JsonObject().put("stream", 10 + revision + "m"))
        .put("alerts", new JsonObject().put("cooldown", 1 + revision % 2 + "m"));
  }

  @Test
  void nobodyNotices() throws Exception {
    try (RawOrigin foundry = new RawOrigin(this::answer);
        RawOrigin legacy = new RawOrigin(this::answer)) {
      Path file = folder.resolve("proxy.json");
      Files.writeString(file, document(foundry.url(), legacy.url(), 0).encode());
      try (ProxyProcess proxy =
          ProxyProcess.startAsShipped(
              List.of("-Xmx128m"), Map.of(), "run", "--config", file.toString())) {
        String url = "http://127.0.0.1:" + proxy.port();
        List<CompletableFuture<String>> streams = streams(url);
        load(url);
        Waits.until(() -> asked.get() > 200);
        long descriptors = descriptors(proxy);
        long threadsBefore = threads(proxy);
        for (int i = 1; i <= RELOADS; i++) {
          change(file, foundry, legacy, i);
          Waits.pause(Duration.ofMillis(500));
        }
        Files.writeString(file, document(foundry.url(), legacy.url(), RELOADS * 2).encode());
        Waits.until(() -> proxy.output().contains(10 + RELOADS * 2 + "m"));
        assertThat(applied(proxy)).isGreaterThan(RELOADS / 2);
        over = true;
        finish.countDown();
        for (CompletableFuture<String> stream : streams) {
          assertThat(stream.get(90, TimeUnit.SECONDS)).endsWith("data: [DONE]\n\n");
        }
        assertThat(failed).isEmpty();
        assertThat(asked.get()).isGreaterThan(RELOADS * 10);
        // Old connections, channels, logs and watches are gone again.
        Waits.until(() -> descriptors(proxy) <= descriptors + 20);
        // Each change of the log began a writer of its own, which ends with the old log.
        Waits.until(() -> threads(proxy) <= threadsBefore + 4);
        System.out.printf(
            "ReloadLoadIT: %d reloads, %d requests, 0 failed, %d streams whole%n",
            applied(proxy), asked.get(), streams.size());
      }
    }
  }

  /** Every seventh change is broken, and every third is a rename. */
  private void change(Path file, RawOrigin foundry, RawOrigin legacy, int revision)
      throws IOException {
    String text =
        revision % 7 == 6
            ? "{\"timeuts\": {}}"
            : document(foundry.url(), legacy.url(), revision).encode();
    if (revision % 3 == 0) {
      Path next = Files.writeString(folder.resolve("next.json"), text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.writeString(file, text);
    }
  }

  private static long applied(ProxyProcess proxy) {
    return proxy.output().lines().filter(line -> line.contains("Configuration in force")).count();
  }

  private List<CompletableFuture<String>> streams(String url) throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<CompletableFuture<String>> streams = new ArrayList<>();
    CountDownLatch begun = new CountDownLatch(STREAMS);
    for (int i = 0; i < STREAMS; i++) {
      CompletableFuture<String> stream = new CompletableFuture<>();
      streams.add(stream);
      threads.execute(() -> stream(client, url, begun, stream));
    }
    assertThat(begun.await(90, TimeUnit.SECONDS)).isTrue();
    return streams;
  }

  private static void stream(
      HttpClient client, String url, CountDownLatch begun, CompletableFuture<String> stream) {
    try {
      InputStream body =
          client
              .send(
                  HttpRequest.newBuilder(URI.create(url + "/route/stream"))
                      .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"hi\"}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofInputStream())
              .body();
      byte[] first = body.readNBytes("data: begun\n\n".length());
      begun.countDown();
      stream.complete(
          new String(first, StandardCharsets.UTF_8)
              + new String(body.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException | InterruptedException failure) {
      stream.completeExceptionally(failure);
    }
  }

  private void load(String url) {
    for (int i = 0; i < 8; i++) {
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/route"))
              .timeout(Duration.ofSeconds(60))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"prompt\":\"hi\",\"user\":\"u" + i + "\"}"))
              .build();
      threads.execute(() -> askUntilOver(client, request));
    }
  }

  private void askUntilOver(HttpClient client, HttpRequest request) {
    while (!over) {
      try {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200 || !answer.body().contains("\"whole\":true")) {
          failed.add(answer.statusCode() + " " + answer.body());
        }
      } catch (IOException failure) {
        failed.add(failure.toString());
      } catch (InterruptedException stopped) {
        return;
      }
      asked.incrementAndGet();
    }
  }

  private static long descriptors(ProxyProcess proxy) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + proxy.process().pid() + "/fd"))) {
      return all.count();
    }
  }

  /**
   * The threads that are not Vert.x's pools, which begin theirs as they are needed, up to 20 each,
   * nor the JVM's, whose compilers and collectors come and go with the load.
   */
  private static long threads(ProxyProcess proxy) throws IOException {
    long count = 0;
    try (Stream<Path> all = Files.list(Path.of("/proc/" + proxy.process().pid() + "/task"))) {
      for (Path task : all.toList()) {
        count += ofOurs(task) ? 1 : 0;
      }
    }
    return count;
  }

  private static boolean ofOurs(Path task) throws IOException {
    try {
      return !Files.readString(task.resolve("comm"))
          .matches("(?s)(vert\\.x-worker|vert\\.x-internal|C[12] |GC |G1 ).*");
    } catch (NoSuchFileException over) {
      return false;
    }
  }
}
