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
 * Three processes of the jar by the manifests of {@code deploy/kubernetes}: its configuration, its
 * command line, its variables, one address each, found by the name of the headless service. The
 * volumes are folders; what stands behind the services is up to readiness, as in a cluster.
 */
@Tag("heavy")
class KubernetesIT {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final String CLIENT_KEY = "the-key-of-a-client";
  private static final String MEMBERS = "rollout-proxy-members";
  private static final List<String> ADDRESSES = List.of("127.0.0.2", "127.0.0.3", "127.0.0.4");
  private static final String GOOD = "{\"model\":\"m\",\"output\":\"hello\"}";

  private final int port = FreePorts.next();
  private final int adminPort = FreePorts.next();
  private final int members = FreePorts.next();
  private final List<Pod> endpoints = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  @TempDir Path folder;

  @BeforeEach
  void volumes() throws Exception {
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

  /**
   * The ConfigMap's overlays in their place, and one more that says what this machine differs in.
   */
  private Path configuration(RawOrigin foundry, RawOrigin legacy) throws Exception {
    Path config = Files.createDirectories(folder.resolve("config"));
    for (Map.Entry<String, String> overlay : Manifests.overlays().entrySet()) {
      String here =
          overlay
              .getValue()
              .replace("/run/secrets/", folder.resolve("secrets") + "/")
              .replace("/app/conf/", Path.of("conf").toAbsolutePath() + "/")
              .replace("\"/data\"", "\"" + folder.resolve("data") + "\"");
      Files.writeString(config.resolve(overlay.getKey()), here);
    }
    JsonObject ours =
        new JsonObject()
            .put("server", listener(port))
            .put("admin", listener(adminPort).put("allowedHosts", new JsonArray().add("${POD_IP}")))
            .put("cluster", new JsonObject().put("port", members))
            .put("drain", new JsonObject().put("delay", "3s"))
            .put(
                "providers",
                new JsonObject()
                    .put("foundry", new JsonObject().put("url", foundry.url()))
                    .put("legacy", new JsonObject().put("url", legacy.url())));
    Files.writeString(config.resolve("90-machine.json"), ours.encode());
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

  /** A client of the service: of those that are ready one after the other. */
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

  @Test
  void isOneRolloutThroughRenewedCertificatesAndARollingRestart() throws Exception {
    List<Pod> pods = new ArrayList<>();
    try (RawOrigin foundry = new RawOrigin(KubernetesIT::good);
        RawOrigin legacy = new RawOrigin(KubernetesIT::good)) {
      Path config = configuration(foundry, legacy);
      List<CompletableFuture<Pod>> starting =
          ADDRESSES.stream()
              .map(each -> CompletableFuture.supplyAsync(() -> started(each, config)))
              .toList();
      // None is left behind, whichever fails.
      starting.forEach(each -> each.handle((pod, failure) -> pod == null || pods.add(pod)).join());
      starting.forEach(CompletableFuture::join);
      pods.forEach(pod -> pod.sees(TOKEN, 3));
      pods.get(2).order(TOKEN, "start");
      pods.forEach(pod -> pod.isAt(TOKEN, "canary_10"));
      endpoints.addAll(pods);
      Thread traffic = new Thread(this::clients, "clients");
      traffic.start();
      renewed(pods);
      for (int i = pods.size() - 1; i >= 0; i--) {
        pods.set(i, replaced(pods.get(i), config));
        pods.forEach(pod -> pod.sees(TOKEN, 3));
      }
      over = true;
      traffic.join();
      assertThat(failures).isEmpty();
      assertThat(asked.get()).isGreaterThan(100);
      pods.forEach(pod -> pod.isAt(TOKEN, "canary_10"));
      for (JsonObject member : pods.get(0).members(TOKEN)) {
        assertThat(member.getBoolean("drift")).as("%s", member).isNotEqualTo(true);
      }
    } finally {
      over = true;
      pods.forEach(Pod::close);
    }
  }

  private Pod started(String address, Path config) {
    try {
      return start(address, config);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private Pod start(String address, Path config) throws Exception {
    return Pod.start(address, port, adminPort, config, folder.resolve("hosts"));
  }

  /** New files are shown to others without a restart; connections that are there stay. */
  private void renewed(List<Pod> pods) throws Exception {
    String before = Manifests.serial(ADDRESSES.get(0), members, certificates());
    assertThat(before).startsWith("serial=");
    Manifests.renew(certificates());
    for (Pod pod : pods) {
      Waits.until(
          () -> Manifests.serial(pod.address(), members, certificates()),
          serial -> !serial.equals(before));
      pod.sees(TOKEN, 3);
    }
  }

  /** A pod is taken out of the service, ends, and comes back. */
  private Pod replaced(Pod old, Path config) throws Exception {
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
    Pod pod = start(old.address(), config);
    Waits.until(pod::isReady);
    endpoints.add(pod);
    return pod;
  }
}
