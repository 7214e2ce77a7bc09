package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.huntaze.rollout.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * HAProxy by the file of {@code deploy/compose}, with the addresses of this machine. Where it is
 * missing its tests are skipped, or fail where {@code CI=true}.
 */
final class Balancer implements AutoCloseable {
  static final Path FILE = Path.of("deploy/compose/haproxy.cfg");
  private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");

  private final Process process;
  private final Path socket;

  private Balancer(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
  }

  static void assumeThere() {
    boolean there = Files.isExecutable(PROGRAM);
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(PROGRAM + " is missing (Debian: haproxy), and CI=true");
    }
    assumeTrue(there, PROGRAM + " is missing (Debian: haproxy)");
  }

  /**
   * Starts it.
   *
   * @param ports its own for clients and people, then those of the replicas
   */
  static Balancer start(Path folder, List<String> addresses, List<Integer> ports)
      throws IOException {
    Path socket = folder.resolve("balancer.sock");
    String file =
        Files.readString(FILE)
            .replace("bind :8080", "bind 127.0.0.1:" + ports.get(0))
            .replace("bind :9090", "bind 127.0.0.1:" + ports.get(1))
            .replace("check port 9090", "check port " + ports.get(3))
            .replace("\n  maxconn", "\n  stats socket %s\n  maxconn".formatted(socket));
    for (int i = 0; i < addresses.size(); i++) {
      String name = " proxy-%d:".formatted(i + 1);
      file =
          file.replace(name + "8080", " %s:%d".formatted(addresses.get(i), ports.get(2)))
              .replace(name + "9090", " %s:%d".formatted(addresses.get(i), ports.get(3)));
    }
    Path here = folder.resolve("haproxy.cfg");
    Files.writeString(here, file);
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "-db", "-f", here.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("haproxy.log").toFile())
            .start();
    Balancer balancer = new Balancer(process, socket);
    Waits.until(() -> Files.exists(socket) || !process.isAlive());
    assertThat(process.isAlive()).as(Files.readString(folder.resolve("haproxy.log"))).isTrue();
    return balancer;
  }

  /** Waits until so many servers of a backend get requests. */
  void awaitUp(String backend, int servers) {
    Waits.until(() -> up(backend), up -> up == servers);
  }

  private long up(String backend) {
    try {
      return UnixText.ask(socket, "show stat\n")
          .lines()
          .filter(line -> line.startsWith(backend + ",proxy-") && line.contains(",UP,"))
          .count();
    } catch (IOException gone) {
      throw new AssertionError(gone);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
