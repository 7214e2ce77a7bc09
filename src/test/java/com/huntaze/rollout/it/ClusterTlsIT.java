package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster's port: members by their certificates, and strangers who are none. */
@Tag("heavy")
class ClusterTlsIT {
  private static final String MEMBER = "IP:127.0.0.1,DNS:rollout";
  private static final int GARBAGE = 200;
  private static final int HALF_OPEN = 20;
  private static final long MOST_IN_THE_JAR = 3_500_000;

  @TempDir private Path folder;
  private Certificates certificates;
  private Certificates.Pem authority;

  @BeforeEach
  void sign() throws Exception {
    certificates = new Certificates(Files.createDirectory(folder.resolve("pem")));
    authority = certificates.authority("authority");
  }

  private JsonObject tls(Certificates.Pem by, Certificates.Pem trusted, String name, String names)
      throws Exception {
    return certificates.signed(by, name, names).tls().put("ca", trusted.certificate().toString());
  }

  @Test
  void strangersAtThePortDisturbNobody() throws Exception {
    JsonObject member = tls(authority, authority, "member", MEMBER);
    try (Fleet fleet = new Fleet(folder.resolve("state"), member)) {
      List<Socket> halfOpen = new ArrayList<>();
      try {
        for (int i = 0; i < HALF_OPEN; i++) {
          halfOpen.add(new Socket(InetAddress.getLoopbackAddress(), fleet.clusterPort(0)));
        }
        garbage(fleet);
        try (RolloutProcess other = stranger(fleet, otherAuthority());
            RolloutProcess nameless = stranger(fleet, namelessMember())) {
          // Long enough to find them, if they could be found.
          Waits.pause(Duration.ofSeconds(5));
          assertThat(Fleet.members(other)).hasSize(1);
          assertThat(Fleet.members(nameless)).hasSize(1);
          for (RolloutProcess each : fleet.replicas()) {
            assertThat(each.get("/api/v1/cluster").getInteger("dropped")).isZero();
            assertThat(Fleet.members(each))
                .hasSize(Fleet.REPLICAS)
                .noneMatch(of -> of.getBoolean("stale"));
          }
        }
        fleet.replica(1).done("start");
        fleet.replicas().forEach(each -> each.waitUntil(RolloutProcess.phase("canary_10")));
      } finally {
        for (Socket socket : halfOpen) {
          socket.close();
        }
      }
    }
  }

  private JsonObject otherAuthority() throws Exception {
    Certificates.Pem other = certificates.authority("other");
    return tls(other, other, "stranger", MEMBER);
  }

  /** Of the right authority, but not of this cluster. */
  private JsonObject namelessMember() throws Exception {
    return tls(authority, authority, "nameless", "IP:127.0.0.1,DNS:another");
  }

  private RolloutProcess stranger(Fleet fleet, JsonObject tls) throws Exception {
    return fleet.stranger(folder.resolve("stranger-" + tls.hashCode()), tls);
  }

  private static void garbage(Fleet fleet) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < GARBAGE; i++) {
      byte[] bytes = new byte[1 + random.nextInt(4_000)];
      random.nextBytes(bytes);
      int port = fleet.clusterPort(i % Fleet.REPLICAS);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
      } catch (IOException hungUp) {
        // As it should be.
      }
    }
  }

  /** As it is in the jar: packed. */
  @Test
  void theClustersPartOfTheJarIsSmall() throws IOException {
    try (JarFile jar = new JarFile("target/rollout-proxy.jar")) {
      long bytes =
          jar.stream()
              .filter(each -> each.getName().matches("org/jgroups/.*|.*/rollout/cluster/.*"))
              .mapToLong(JarEntry::getCompressedSize)
              .sum();
      assertThat(bytes).isBetween(1_000_000L, MOST_IN_THE_JAR);
    }
  }

  @Test
  void withoutAClusterNothingOfItIsLoadedAndNoPortIsOpen() throws Exception {
    Path loaded = folder.resolve("loaded");
    Path file =
        ProxyProcess.configuration(
            RunningProxy.before("canary", "http://127.0.0.1:9", "http://127.0.0.1:9")
                .put("server", new JsonObject().put("host", "127.0.0.1").put("port", 0))
                .put("admin", new JsonObject().put("port", 0))
                .encode());
    try (ProxyProcess proxy =
        ProxyProcess.startAsShipped(
            List.of("-Xlog:class+load:file=" + loaded),
            java.util.Map.of(),
            "run",
            "--config",
            file.toString())) {
      assertThat(sockets(proxy.process().pid(), "tcp", "tcp6")).hasSize(2);
      // That of the name resolver, which listens to nobody it has not asked.
      assertThat(sockets(proxy.process().pid(), "udp", "udp6")).hasSizeLessThanOrEqualTo(1);
      proxy.process().toHandle().destroy();
      proxy.finalOutput();
      assertThat(Files.readString(loaded))
          .contains("com.huntaze.rollout.control.CanaryVerticle")
          .doesNotContain("org.jgroups.")
          .doesNotContain("com.huntaze.rollout.cluster.ClusterVerticle")
          .doesNotContain("com.huntaze.rollout.cluster.Questions")
          .doesNotContain("com.huntaze.rollout.judge.fleet.")
          .doesNotContain("com.huntaze.rollout.quota.FleetQuota");
    }
  }

  /** The inodes of the process's sockets that take anything, as the kernel has them. */
  private static List<String> sockets(long pid, String... tables) throws IOException {
    List<String> listed = new ArrayList<>();
    for (String table : tables) {
      for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
        String[] fields = line.strip().split("\\s+");
        boolean waits = fields[3].equals("0A") || table.startsWith("udp");
        if (waits && fields.length > 9) {
          listed.add("socket:[" + fields[9] + "]");
        }
      }
    }
    List<String> own = new ArrayList<>();
    try (var files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path each : files.toList()) {
        String target = Files.readSymbolicLink(each).toString();
        if (listed.contains(target)) {
          own.add(target);
        }
      }
    }
    return own;
  }
}
