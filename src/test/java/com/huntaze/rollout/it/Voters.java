package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.FreePorts;
import com.huntaze.rollout.Waits;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Processes of the packaged jar with the lease {@code raft}, each with a directory of its own:
 * three voters, and as many others as a test wants.
 */
final class Voters implements AutoCloseable {
  static final int VOTERS = 3;

  private static final String GOOD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

  private final RawOrigin origin;
  private final Path folder;
  private final JsonObject tls;
  private final JsonObject changes;
  private final List<Integer> ports = new ArrayList<>();
  private final List<RolloutProcess> processes = new ArrayList<>();

  /**
   * @param tls of the cluster's port, {@code null} = none
   * @param most how many processes there may be
   */
  Voters(Path folder, JsonObject tls, JsonObject changes, int most) throws Exception {
    this.folder = folder;
    this.tls = tls;
    this.changes = changes;
    this.origin = new RawOrigin(call -> call.send(GOOD));
    for (int i = 0; i < most; i++) {
      ports.add(FreePorts.next());
      processes.add(null);
    }
  }

  /** Starts some of them at the same time. */
  void start(int... some) {
    List<CompletableFuture<RolloutProcess>> starting = new ArrayList<>();
    for (int index : some) {
      starting.add(CompletableFuture.supplyAsync(() -> started(index)));
    }
    for (int i = 0; i < some.length; i++) {
      processes.set(some[i], starting.get(i).join());
    }
  }

  private RolloutProcess started(int index) {
    try {
      return RolloutProcess.start(origin.url(), origin.url(), dir(index), settings(index));
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  JsonObject settings(int index) {
    JsonArray hosts = new JsonArray();
    ports.forEach(each -> hosts.add("127.0.0.1:" + each));
    JsonArray voters = new JsonArray();
    for (int i = 0; i < VOTERS; i++) {
      voters.add("rollout-" + i);
    }
    JsonObject cluster =
        new JsonObject()
            .put("port", ports.get(index))
            .put("discovery", new JsonObject().put("static", hosts))
            .put("tls", tls)
            .put("lease", "raft")
            .put("voters", voters)
            .put("member", "rollout-" + index);
    return RolloutProcess.stages("1h")
        .put("server", new JsonObject().put("eventLoops", 2))
        .put("cluster", cluster)
        .mergeIn(changes.copy(), true);
  }

  Path dir(int index) {
    return folder.resolve("state-" + index);
  }

  RolloutProcess process(int index) {
    return processes.get(index);
  }

  /** Those that run. */
  List<RolloutProcess> running() {
    return processes.stream().filter(each -> each != null).toList();
  }

  int indexOf(RolloutProcess process) {
    return processes.indexOf(process);
  }

  RolloutProcess awaitLeader() {
    return awaitLeader(running());
  }

  static RolloutProcess awaitLeader(List<RolloutProcess> among) {
    return Waits.until(
            () -> among.stream().filter(RolloutProcess::leads).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  /** Another one than the leader. */
  RolloutProcess follower() {
    RolloutProcess leader = awaitLeader();
    return running().stream().filter(each -> each != leader).findFirst().orElseThrow();
  }

  /** Waits until each of them is as wanted. */
  static void everywhere(List<RolloutProcess> all, Predicate<JsonObject> wanted) {
    all.forEach(each -> each.waitUntil(wanted));
  }

  /** The time since a reading of the clock of nanoseconds. */
  static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** An order at a follower, once the leader is heard there. */
  static void set(RolloutProcess at, int share) {
    Waits.until(() -> at.set(share).statusCode() == 200);
  }

  /** SIGKILL. */
  void kill(int index) {
    processes.set(index, null).kill();
  }

  static void signal(RolloutProcess process, String signal) throws Exception {
    String pid = Long.toString(process.process().process().pid());
    assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
  }

  /** A disk that was lost. */
  void empty(int index) throws IOException {
    try (Stream<Path> files = Files.walk(dir(index))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    running().forEach(RolloutProcess::close);
    origin.close();
  }
}
