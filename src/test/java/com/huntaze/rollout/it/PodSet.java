package com.huntaze.rollout.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The three pods of a StatefulSet as processes of the jar, by manifests of {@code deploy}: their
 * configuration, command line and variables, one address each, found by the name of the headless
 * service. The volumes are folders; clients ask those that are ready, one after the other.
 */
final class PodSet implements AutoCloseable {
  static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";

  private static final String CLIENT_KEY = "the-key-of-a-client";
  private static final String MEMBERS = "rollout-proxy-members";
  private static final List<String> ADDRESSES = List.of("127.0.0.2", "127.0.0.3", "127.0.0.4");
  private static final String GOOD = "{\"model\":\"m\",\"output\":\"hello\"}";

  private final Path folder;
  private final Manifests manifests;
  private final List<String> names;
  private final RawOrigin foundry = new RawOrigin(PodSet::good);
  private final RawOrigin legacy = new RawOrigin(PodSet::good);
  private final int port = FreePorts.next();
  private final int adminPort = FreePorts.next();
  private final int members = FreePorts.next();
  private final List<Pod> pods = new ArrayList<>();
  private final List<Pod> endpoints = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final Thread traffic = new Thread(this::clients, "clients");
  private volatile boolean over;

  PodSet(Path folder, String manifests) throws Exception {
    this.folder = folder;
    this.manifests = new Manifests(manifests);
    this.names = this.manifests.pods(ADDRESSES.size());
    Path secrets = Files.createDirectories(folder.resolve("secrets/rollout-proxy"));
    Files.writeString(secrets.resolve("admin-token"), TOKEN);
    Files.writeString(secrets.resolve("client-key-sha256"), sha256(CLIENT_KEY));
    Files.writeString(secrets.resolve("router-api-key"), "router-key");
    Manifests.certificates(Files.createDirectories(certificates()));
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost ");
    hosts.append(InetAddress.getLocalHost().getHostName()).append('\n');
    ADDRESSES.forEach(each -> hosts.append(each + " " + MEMBERS + "\n"));
    Files.writeString(folder.resolve("hosts"), hosts);
  }

  private static String sha256(String text) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    return HexFormat.of().formatHex(hash);
  }

  private Path certificates() {
    return folder.resolve("secrets/rollout-proxy-cluster");
  }

  /** The volume of a pod's state. */
  Path data(int index) throws Exception {
    return folder.resolve(
        manifests.haveVolumesOfTheirOwn() ? "state-" + names.get(index) : "state");
  }

  /**
   * The ConfigMap's overlays in their place, and one more that says what this machine differs in,
   * and that the rollout may begin.
   */
  private Path configuration(int index) throws Exception {
    Path config = Files.createDirectories(folder.resolve("config-" + index));
    Map<String, String> overlays = manifests.overlays();
    assertThat(new JsonObject(overlays.get("90-configuration.json")).getString("provider"))
        .isEqualTo("legacy");
    for (Map.Entry<String, String> overlay : overlays.entrySet()) {
      String here =
          overlay
              .getValue()
              .replace("/run/secrets/", folder.resolve("secrets") + "/")
              .replace("/app/conf/", Path.of("conf").toAbsolutePath() + "/")
              .replace("\"/data\"", "\"" + data(index) + "\"");
      Files.writeString(config.resolve(overlay.getKey()), here);
    }
    JsonObject ours =
        new JsonObject()
            .put("provider", "canary")
            .put("server", listener(port))
            .put("admin", listener(adminPort).put("allowedHosts", new JsonArray().add("${POD_IP}")))
            .put("cluster", new JsonObject().put("port", members))
            .put("drain", new JsonObject().put("delay", "3s"))
            .put(
                "providers",
                new JsonObject()
                    .put("foundry", new JsonObject().put("url", foundry.url()))
                    .put("legacy", new JsonObject().put("url", legacy.url())));
    Files.writeString(config.resolve("95-machine.json"), ours.encode());
    return config;
  }

  private static JsonObject listener(int port) {
    return new JsonObject().put("host", "${POD_IP}").put("port", port);
  }

  private static void good(RawOrigin.Call call) throws IOException {
    call.send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(GOOD.length(), GOOD));
  }

  /** Starts all at once, and waits until they are one cluster. */
  void start() {
    List<CompletableFuture<Pod>> starting = new ArrayList<>();
    for (int i = 0; i < ADDRESSES.size(); i++) {
      int index = i;
      starting.add(CompletableFuture.supplyAsync(() -> started(index)));
    }
    // None is left behind, whichever fails.
    starting.forEach(each -> each.handle((pod, failure) -> pod == null || pods.add(pod)).join());
    starting.forEach(CompletableFuture::join);
    areOne();
    endpoints.addAll(pods);
  }

  private Pod started(int index) {
    try {
      return Pod.start(
          names.get(index),
          ADDRESSES.get(index),
          port,
          adminPort,
          manifests.container(),
          configuration(index),
          folder.resolve("hosts"));
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  Pod pod(int index) {
    return pods.get(index);
  }

  /** Waits until each sees all, and who leads. */
  void areOne() {
    pods.forEach(pod -> pod.sees(TOKEN, pods.size()));
  }

  void areAt(String phase) {
    pods.forEach(pod -> pod.isAt(TOKEN, phase));
  }

  /** Demands that none has another configuration than the others. */
  void agree() throws IOException {
    for (JsonObject member : pods.get(0).members(TOKEN)) {
      assertThat(member.getBoolean("drift")).as("%s", member).isNotEqualTo(true);
    }
  }

  void beginTraffic() {
    traffic.start();
  }

  /** Ends it, and demands that no request has failed. */
  void endTraffic() throws Exception {
    over = true;
    traffic.join();
    assertThat(failures).isEmpty();
    assertThat(asked.get()).isGreaterThan(100);
  }

  private void clients() {
    while (!over) {
      int number = asked.getAndIncrement();
      Pod pod = endpoints.get(number % endpoints.size());
      try {
        int status = pod.ask(CLIENT_KEY, number);
        if (status != 200) {
          failures.add(pod.address() + ": " + status);
        }
      } catch (IOException failed) {
        failures.add(pod.address() + ": " + failed);
      }
      Waits.pause(Duration.ofMillis(25));
    }
  }

  /** New certificates are shown to others without a restart; connections that are there stay. */
  void renewCertificates() throws Exception {
    String before = Manifests.serial(ADDRESSES.get(0), members, certificates());
    assertThat(before).startsWith("serial=");
    Manifests.renew(certificates());
    for (Pod pod : pods) {
      Waits.until(
          () -> Manifests.serial(pod.address(), members, certificates()),
          serial -> !serial.equals(before));
    }
    areOne();
  }

  /** All are replaced one after the other, the last one first, as a StatefulSet does it. */
  void restart() throws Exception {
    for (int i = pods.size() - 1; i >= 0; i--) {
      Pod old = pods.get(i);
      Thread unready =
          new Thread(
              () -> {
                Waits.until(() -> !old.isReady());
                endpoints.remove(old);
              },
              "endpoints");
      unready.start();
      old.terminate();
      unready.join();
      pods.set(i, started(i));
      Waits.until(pods.get(i)::isReady);
      endpoints.add(pods.get(i));
      areOne();
    }
  }

  /** One is killed; it comes back, with its volume or with an empty one. */
  void lose(int index, boolean itsVolumeToo) throws Exception {
    endpoints.remove(pods.get(index));
    pods.get(index).kill();
    if (itsVolumeToo) {
      try (Stream<Path> files = Files.walk(data(index))) {
        for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    pods.set(index, started(index));
    Waits.until(pods.get(index)::isReady);
    areOne();
    // Its process before is not waited for: there is one of each name.
    pods.forEach(pod -> pod.missesNobody(TOKEN));
  }

  @Override
  public void close() throws IOException {
    over = true;
    pods.forEach(Pod::close);
    foundry.close();
    legacy.close();
  }
}
