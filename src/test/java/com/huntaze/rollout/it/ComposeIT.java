package com.huntaze.rollout.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes of the jar by the configuration of {@code deploy/compose.three.yaml}, and HAProxy
 * by its file: only addresses and paths are this machine's. Clients ask the balancer alone.
 */
@Tag("long")
class ComposeIT {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final String CLIENT_KEY = "the-key-of-a-client";
  private static final List<String> ADDRESSES = List.of("127.0.0.5", "127.0.0.6", "127.0.0.7");
  private static final String GOOD = "{\"model\":\"m\",\"output\":\"hello\"}";
  private static final int CLIENTS = 4;

  /** Answers take so long that some are always in flight. */
  private static final Duration ANSWER = Duration.ofMillis(50);

  private final int port = FreePorts.next();
  private final int adminPort = FreePorts.next();
  private final int members = FreePorts.next();
  private final int front = FreePorts.next();
  private final int frontAdmin = FreePorts.next();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  @TempDir Path folder;

  @BeforeEach
  void files() throws Exception {
    Balancer.assumeThere();
    Path secrets = Files.createDirectories(folder.resolve("secrets"));
    Files.writeString(secrets.resolve("admin_token"), TOKEN);
    Manifests.certificates(secrets);
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
    ADDRESSES.forEach(each -> hosts.append(each + " members\n"));
    Files.writeString(folder.resolve("hosts"), hosts);
  }

  /** The file of the container, and what of it is another machine's. */
  private Path configuration(String address, RawOrigin foundry, RawOrigin legacy)
      throws IOException {
    String file =
        Files.readString(Path.of("deploy/compose/three.json"))
            .replace("/run/secrets/", folder.resolve("secrets") + "/")
            .replace("/app/conf/", Path.of("conf").toAbsolutePath() + "/")
            .replace("\"/data\"", "\"" + folder.resolve("data") + "\"");
    JsonObject settings = new JsonObject(file);
    settings.getJsonObject("server").put("host", address).put("port", port);
    JsonObject admin = settings.getJsonObject("admin").put("host", address).put("port", adminPort);
    // This test asks each by its address, too.
    admin.getJsonArray("allowedHosts").add(address);
    settings.getJsonObject("cluster").put("bind", address).put("port", members);
    settings.put(
        "providers",
        new JsonObject()
            .put("foundry", new JsonObject().put("url", foundry.url()))
            .put("legacy", new JsonObject().put("url", legacy.url())));
    Path here = folder.resolve(address + ".json");
    Files.writeString(here, settings.encode());
    return here;
  }

  private Pod start(String address, Path configuration) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(CLIENT_KEY.getBytes(UTF_8));
      Map<String, String> variables =
          Map.of(
              "LOG_FORMAT", "json",
              "AI_PROVIDER", "canary",
              "CLIENT_KEY_SHA256", HexFormat.of().formatHex(hash));
      String hosts = "-Djdk.net.hosts.file=" + folder.resolve("hosts");
      ProxyProcess process =
          ProxyProcess.start(
              List.of("-Xmx128m", hosts), variables, "run", "--config", configuration.toString());
      return Pod.of(address, port, adminPort, process);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static void good(RawOrigin.Call call) throws IOException {
    if (call.head().startsWith("POST")) {
      Waits.pause(ANSWER);
    }
    call.send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(GOOD.length(), GOOD));
  }

  private void clients() {
    while (!over) {
      String body = "{\"model\":\"m\",\"prompt\":\"%d\"}".formatted(asked.incrementAndGet());
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/route".formatted(front)))
              .header("Content-Type", "application/json")
              .header("X-API-Key", CLIENT_KEY)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      try {
        int status = send(request).statusCode();
        if (status != 200) {
          failures.add("status " + status);
        }
      } catch (IOException failed) {
        failures.add(failed.toString());
      }
    }
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw new IOException(hurried);
    }
  }

  /** An order at whichever replica the balancer chooses. */
  private void begin() throws IOException {
    HttpRequest order =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/api/v1/canary/start".formatted(frontAdmin)))
            .header("Authorization", "Bearer " + TOKEN)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> answer = send(order);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private void passes(int more) {
    int enough = asked.get() + more;
    Waits.until(() -> asked.get() >= enough);
  }

  @Test
  void aDrainedReplicaCostsNoRequestAndAKilledOneThoseInFlight() throws Exception {
    List<Pod> replicas = new ArrayList<>();
    List<Thread> traffic = new ArrayList<>();
    try (RawOrigin foundry = new RawOrigin(ComposeIT::good);
        RawOrigin legacy = new RawOrigin(ComposeIT::good)) {
      List<CompletableFuture<Pod>> starting = new ArrayList<>();
      for (String each : ADDRESSES) {
        Path file = configuration(each, foundry, legacy);
        starting.add(CompletableFuture.supplyAsync(() -> start(each, file)));
      }
      starting.forEach(
          each -> each.handle((pod, failed) -> pod == null || replicas.add(pod)).join());
      starting.forEach(CompletableFuture::join);
      replicas.forEach(each -> each.sees(TOKEN, 3));
      List<Integer> ports = List.of(front, frontAdmin, port, adminPort);
      try (Balancer balancer = Balancer.start(folder, ADDRESSES, ports)) {
        balancer.awaitUp("replicas", 3);
        begin();
        replicas.forEach(each -> each.isAt(TOKEN, "canary_10"));
        for (int i = 0; i < CLIENTS; i++) {
          traffic.add(new Thread(this::clients, "client-" + i));
        }
        traffic.forEach(Thread::start);
        passes(100);
        replicas.get(0).terminate();
        passes(100);
        assertThat(failures).as("while one drained").isEmpty();
        replicas.set(0, again(0));
        balancer.awaitUp("replicas", 3);
        passes(100);
        replicas.get(1).close();
        passes(200);
        assertThat(failures).as("of the requests in flight").hasSizeLessThanOrEqualTo(CLIENTS);
        failures.clear();
        replicas.set(1, again(1));
        balancer.awaitUp("replicas", 3);
        passes(100);
        assertThat(failures).as("when it was back").isEmpty();
        replicas.forEach(each -> each.sees(TOKEN, 3));
        replicas.forEach(each -> each.isAt(TOKEN, "canary_10"));
      }
    } finally {
      over = true;
      for (Thread each : traffic) {
        each.join();
      }
      replicas.forEach(Pod::close);
    }
  }

  private Pod again(int index) {
    String address = ADDRESSES.get(index);
    return start(address, folder.resolve(address + ".json"));
  }

  /** The names of the file are those of the services. */
  @Test
  void theBalancersNamesAreTheServices() throws IOException {
    String services = Files.readString(Path.of("deploy/compose.three.yaml"));
    JsonArray names = new JsonArray();
    Files.readString(Balancer.FILE)
        .lines()
        .filter(line -> line.startsWith("  server "))
        .forEach(line -> names.add(line.strip().split(" ")[1]));
    assertThat(names)
        .hasSize(6)
        .allSatisfy(each -> assertThat(services).contains(each + ": *proxy"));
  }
}
