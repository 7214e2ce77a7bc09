package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Crowds of clients that take nothing and finish nothing, before the packaged jar with a heap of
 * 128 MB: it lives, a good client beside them sees no error, and nothing of them is left.
 */
@Tag("long")
class ClientMemoryIT {
  private static final boolean HEAVY = Boolean.getBoolean("rollout.heavy");
  private static final int PIECE = 65_536;
  private static final int BIG = 20 * 1_048_576;
  private static final Buffer PIECES = Buffer.buffer(new byte[PIECE]);
  private static final int GOOD_REQUESTS = HEAVY ? 200 : 50;
  private static final long MEGABYTE = 1 << 20;

  private final Vertx vertx = Vertx.vertx();
  private HttpServer origin;
  private ProxyProcess proxy;
  private final ExecutorService senders = Executors.newCachedThreadPool();

  @BeforeEach
  void start() throws Exception {
    origin =
        RunningProxy.await(
            vertx
                .createHttpServer(
                    new HttpServerOptions().setHost("127.0.0.1").setAcceptBacklog(4_096))
                .requestHandler(ClientMemoryIT::answer)
                .listen(0));
  }

  @AfterEach
  void stop() {
    senders.shutdownNow();
    if (proxy != null) {
      proxy.close();
    }
    RunningProxy.await(vertx.close());
  }

  private static void answer(HttpServerRequest request) {
    if (request.path().equals("/stuck")) {
      request.pause();
    } else if (request.path().startsWith("/big")) {
      HttpServerResponse response = request.response().putHeader("content-length", "" + BIG);
      pour(response, BIG / PIECE);
    } else {
      request.handler(taken -> {});
      request.endHandler(end -> request.response().end("ok"));
    }
  }

  private static void pour(HttpServerResponse to, int pieces) {
    to.exceptionHandler(gone -> {});
    int left = pieces;
    while (left > 0 && !to.closed() && !to.writeQueueFull()) {
      to.write(PIECES);
      left--;
    }
    int rest = left;
    if (to.closed()) {
      return;
    }
    if (rest == 0) {
      to.end();
    } else {
      to.drainHandler(more -> pour(to, rest));
    }
  }

  private void start(Wire wire) throws Exception {
    String url = "http://127.0.0.1:" + origin.actualPort();
    JsonObject settings =
        RunningProxy.before("legacy", url, url)
            .put("server", wire.server().put("host", "127.0.0.1").put("port", 0))
            .put("admin", new JsonObject().put("port", 0))
            .put("state", new JsonObject().put("dir", ""));
    Path file = ProxyProcess.configuration(settings.encode());
    List<String> options =
        List.of("-Xmx128m", "-Dio.netty.leakDetection.level=paranoid", "-XX:+UseSerialGC");
    proxy =
        ProxyProcess.startAsShipped(
            options, java.util.Map.of(), "run", "--config", file.toString());
  }

  /** A client that asks again and again, and counts what it does not get. */
  private final class Good {
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> errors = java.util.Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<?> done;

    Good(Wire wire) {
      done = thread.submit(() -> ask(wire));
    }

    private void ask(Wire wire) {
      while (!over.get()) {
        try (TextClient client = wire.client(proxy.port())) {
          for (int i = 0; i < 20 && !over.get(); i++) {
            client.send("POST /good HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\n\r\n{}");
            String answer = client.readUntil("ok");
            asked.incrementAndGet();
            if (!answer.startsWith("HTTP/1.1 200")) {
              errors.add(answer);
            }
            Waits.pause(Duration.ofMillis(20));
          }
        } catch (IOException | AssertionError failure) {
          errors.add(failure.toString());
        }
      }
    }

    void ends() throws Exception {
      over.set(true);
      done.get();
      thread.shutdown();
      assertThat(errors).isEmpty();
    }
  }

  private Socket stranger(String request) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void closeAll(List<? extends AutoCloseable> all) throws Exception {
    for (AutoCloseable one : all) {
      one.close();
    }
  }

  /** The heap after a collection. */
  private long heap() throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String pid = Long.toString(proxy.process().pid());
    run(jcmd.toString(), pid, "GC.run");
    String info = run(jcmd.toString(), pid, "GC.heap_info");
    Matcher used = Pattern.compile("used (\\d+)K").matcher(info.split("Metaspace")[0]);
    long sum = 0;
    while (used.find()) {
      sum += Long.parseLong(used.group(1)) * 1_024;
    }
    assertThat(sum).as(info).isPositive();
    return sum;
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }

  private long rss() throws IOException {
    return Files.lines(Path.of("/proc/" + proxy.process().pid() + "/status"))
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
        .findFirst()
        .orElseThrow();
  }

  private interface Crowd {
    List<? extends AutoCloseable> come() throws Exception;
  }

  /** Twice the same crowd: what the first leaves is the process's size, the second adds nothing. */
  private void survives(Wire wire, Crowd crowd) throws Exception {
    start(wire);
    once(wire, crowd);
    long heap = settled();
    long rss = rss();
    once(wire, crowd);
    long after = settled();
    System.out.printf(
        "heap %.1f -> %.1f MB, RSS %d -> %d MB%n",
        heap / (double) MEGABYTE, after / (double) MEGABYTE, rss / MEGABYTE, rss() / MEGABYTE);
    assertThat(after - heap).isLessThan(5 * MEGABYTE);
    assertThat((double) rss()).isLessThan(1.2 * rss);
    assertThat(proxy.output()).doesNotContain("OutOfMemory", "LEAK:");
  }

  private void once(Wire wire, Crowd crowd) throws Exception {
    Good good = new Good(wire);
    List<? extends AutoCloseable> strangers = crowd.come();
    // The crowd's buffers are filled while these are answered.
    int before = good.asked.get();
    Waits.until(() -> good.asked.get() > before + GOOD_REQUESTS);
    closeAll(strangers);
    good.ends();
    new Metered(proxy.adminPort()).awaitValue("rollout_requests_in_flight", 0);
  }

  private long settled() throws Exception {
    Metered metered = new Metered(proxy.adminPort());
    metered.awaitValue("rollout_buffered_bytes", 0);
    return heap();
  }

  @Test
  void aThousandStreamsThatNobodyReads() throws Exception {
    survives(
        Wire.HTTP_2,
        () -> {
          List<FrameClient> clients = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            FrameClient client = FrameClient.opened(proxy.port(), 4, 0);
            for (int stream = 0; stream < 100; stream++) {
              client.request(2 * stream + 1, true, "GET", "/big");
            }
            clients.add(client);
          }
          return clients;
        });
  }

  @Test
  void twoThousandSocketsThatNobodyReads() throws Exception {
    survives(
        Wire.HTTP_1_1,
        () -> {
          List<Socket> sockets = new ArrayList<>();
          for (int i = 0; i < 2_000; i++) {
            sockets.add(stranger("GET /big HTTP/1.1\r\nHost: p\r\n\r\n"));
          }
          return sockets;
        });
  }

  @Test
  void aThousandUploadsThatDoNotEnd() throws Exception {
    byte[] part = new byte[980_000];
    survives(
        Wire.HTTP_1_1,
        () -> {
          List<Socket> sockets = new ArrayList<>();
          for (int i = 0; i < 1_000; i++) {
            Socket socket =
                stranger("POST /route HTTP/1.1\r\nHost: p\r\nContent-Length: 1000000\r\n\r\n");
            socket.getOutputStream().write(part);
            sockets.add(socket);
          }
          return sockets;
        });
  }

  /** A provider that hangs: what its clients send lies here. */
  @Test
  void fiveHundredUploadsThatNobodyTakes() throws Exception {
    survives(Wire.HTTP_1_1, () -> uploads(500, "/stuck", 320).sockets());
  }

  /** Each byte is a chunk of its own. */
  @Test
  void twentyBodiesOfSingleBytes() throws Exception {
    byte[] chunks = "1\r\nx\r\n".repeat(200_000).getBytes(StandardCharsets.US_ASCII);
    survives(
        Wire.HTTP_1_1,
        () -> {
          List<Socket> sockets = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            Socket socket =
                stranger("POST /route HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n");
            socket.getOutputStream().write(chunks);
            sockets.add(socket);
          }
          return sockets;
        });
  }

  @Test
  void aThousandLargeUploads() throws Exception {
    survives(
        Wire.HTTP_1_1,
        () -> {
          Uploads uploads = uploads(1_000, "/upload", HEAVY ? 480 : 32);
          for (Future<?> one : uploads.sent()) {
            one.get();
          }
          return uploads.sockets();
        });
  }

  private record Uploads(List<Socket> sockets, List<Future<?>> sent) {}

  /** So many clients, each of which sends so many pieces of its body. */
  private Uploads uploads(int clients, String path, int pieces) throws IOException {
    byte[] piece = new byte[PIECE];
    Uploads uploads = new Uploads(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < clients; i++) {
      Socket socket =
          stranger(
              "POST %s HTTP/1.1\r\nHost: p\r\nContent-Length: %d\r\n\r\n"
                  .formatted(path, pieces * PIECE));
      uploads.sockets().add(socket);
      uploads.sent().add(senders.submit(() -> send(socket, piece, pieces)));
    }
    return uploads;
  }

  private static Void send(Socket socket, byte[] piece, int pieces) throws IOException {
    for (int left = pieces; left > 0; left--) {
      socket.getOutputStream().write(piece);
    }
    return null;
  }
}
