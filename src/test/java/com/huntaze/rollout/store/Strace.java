package com.huntaze.rollout.store;

import com.huntaze.rollout.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** strace, which kills or fails a process at an exact system call. */
final class Strace {
  private Strace() {}

  /** Skips the test where it is missing; in CI that is an error. */
  static void require() {
    boolean there = Files.isExecutable(Path.of("/usr/bin/strace"));
    if (!there && "true".equals(System.getenv("CI"))) {
      Assertions.fail("strace is missing (expected: Debian's strace)");
    }
    Assumptions.assumeTrue(there, "strace is missing");
  }

  static List<String> kills(String call, int index) {
    return injects(call, "signal=SIGKILL:when=" + index);
  }

  /** Kills a process when one of its threads makes its so many-th call from now on. */
  static void kills(long pid, String threadName, String call, int index) throws Exception {
    Path thread = thread(pid, threadName);
    List<String> command = new ArrayList<>(List.of("strace", "-qq", "-o", "/dev/null"));
    command.addAll(List.of("-e", "trace=" + call));
    command.addAll(List.of("-e", "inject=%s:signal=SIGKILL:when=%d".formatted(call, index)));
    command.addAll(List.of("-p", thread.getFileName().toString()));
    Process strace = new ProcessBuilder(command).inheritIO().start();
    Waits.until(
        () -> Files.readString(thread.resolve("status")),
        status -> !status.contains("TracerPid:\t0\n"),
        () -> {
          if (!strace.isAlive()) {
            throw new IOException("strace does not trace " + thread);
          }
          Waits.pause(Duration.ofMillis(1));
        });
  }

  private static Path thread(long pid, String name) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).strip().equals(name)) {
          return thread;
        }
      }
    }
    throw new IOException("threads: none is called " + name);
  }

  /** From the index on every call fails. */
  static List<String> fails(String call, String error, int from) {
    return injects(call, "error=%s:when=%d+".formatted(error, from));
  }

  private static List<String> injects(String call, String what) {
    return List.of(
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=" + call,
        "-e",
        "inject=%s:%s".formatted(call, what));
  }

  static List<String> traces(Path file) {
    return List.of(
        "strace",
        "-f",
        "-qq",
        "-s",
        "80",
        "-o",
        file.toString(),
        "-e",
        "trace=openat,write,pwrite64,fsync,fdatasync,rename,link");
  }
}
