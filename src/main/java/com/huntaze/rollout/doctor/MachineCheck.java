package com.huntaze.rollout.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** The check of the machine and the JVM: file descriptors, epoll, Java. */
public final class MachineCheck {
  private static final String OPEN_FILES = "Max open files";
  private static final int SOFT_LIMIT = 3;

  /** Jars, logs, state, event loops. */
  private static final long OTHER_FILES = 300;

  /** With fewer a proxy has none left at a load that every demo makes. */
  private static final long LEAST_FILES = 4_096;

  private static final int TESTED_JAVA = 17;

  private static final int MEGABYTE = 1 << 20;

  private final long connections;
  private final long bufferBytes;
  private final long wholeBodies;
  private final String noNativeTransport;

  /**
   * @param connections sockets that the settings allow: clients' and providers'
   * @param bufferBytes the memory that may wait for clients
   * @param wholeBodies the largest body and the largest answer that are held whole
   * @param noNativeTransport why there is no native transport; {@code null} = there is
   */
  public MachineCheck(
      long connections, long bufferBytes, long wholeBodies, String noNativeTransport) {
    this.connections = connections;
    this.bufferBytes = bufferBytes;
    this.wholeBodies = wholeBodies;
    this.noNativeTransport = noNativeTransport;
  }

  /** As a check. */
  public Check check() {
    return new Check("machine", () -> List.of(files(), memory(), transport(), java()));
  }

  /** Returns the settings that do not fit this machine and this JVM's heap; empty when all do. */
  public List<Finding> misfits() {
    return List.of(files(), memory()).stream()
        .filter(finding -> finding.level() != Level.OK)
        .toList();
  }

  private Finding memory() {
    String name = "memory for clients";
    long heap = Runtime.getRuntime().maxMemory();
    String seen =
        "%d MB of a heap of %d MB may wait for clients"
            .formatted(bufferBytes / MEGABYTE, heap / MEGABYTE);
    if (bufferBytes > heap / 2) {
      return Finding.warn(
          name, seen, "a larger heap (-Xmx), or server.bufferBytesTotal: 0 for a quarter of it");
    }
    return wholeBodies > bufferBytes / 2
        ? Finding.warn(
            name,
            seen + ", and one body or answer that is held whole may take half of that",
            "a larger heap (-Xmx), or lower server.replayBytes and server.holdJsonBytes")
        : Finding.ok(name, seen);
  }

  private Finding files() {
    String name = "open files";
    OptionalLong limit = limit();
    if (limit.isEmpty()) {
      return Finding.ok(name, "this system does not tell its limit");
    }
    long needed = connections + OTHER_FILES;
    String seen =
        "limit %d; the settings allow %d connections".formatted(limit.getAsLong(), connections);
    String remedy =
        "ulimit -n %d (LimitNOFILE= in systemd), or lower server.maxConnections".formatted(needed);
    if (limit.getAsLong() < LEAST_FILES) {
      return Finding.fail(name, seen, remedy);
    }
    return limit.getAsLong() < needed ? Finding.warn(name, seen, remedy) : Finding.ok(name, seen);
  }

  private static OptionalLong limit() {
    try {
      for (String row : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (row.startsWith(OPEN_FILES)) {
          String soft = row.split("\\s+")[SOFT_LIMIT];
          return OptionalLong.of(soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft));
        }
      }
    } catch (IOException | NumberFormatException untold) {
      // Not Linux.
    }
    return OptionalLong.empty();
  }

  private Finding transport() {
    String name = "transport";
    if (!System.getProperty("os.name").startsWith("Linux")) {
      return Finding.warn(
          name,
          "nio, on %s".formatted(System.getProperty("os.name")),
          "Linux for production: elsewhere a client that leaves may go unnoticed");
    }
    if (noNativeTransport == null) {
      return Finding.ok(name, "native epoll");
    }
    return Finding.fail(
        name, "no native epoll: " + noNativeTransport, "a glibc image on x86_64 or aarch64");
  }

  private static Finding java() {
    Runtime.Version version = Runtime.version();
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    String seen =
        "%s, %d processors, heap at most %d MB"
            .formatted(version, Runtime.getRuntime().availableProcessors(), heap);
    return version.feature() < TESTED_JAVA
        ? Finding.fail("java", seen, "JDK 17 or newer")
        : Finding.ok("java", seen);
  }
}
