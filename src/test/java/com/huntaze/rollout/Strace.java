package com.huntaze.rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** strace, which kills, fails or delays a process at exact system calls. */
public final class Strace implements AutoCloseable {
  private static final String PROGRAM = "/usr/bin/strace";

  private final Process process;

  private Strace(Process process) {
    this.process = process;
  }

  /** Skips the test where it is missing; in CI that is an error. */
  public static void require() {
    boolean there = Files.isExecutable(Path.of(PROGRAM));
    if (!there && "true".equals(System.getenv("CI"))) {
      Assertions.fail("strace is missing (expected: Debian's strace)");
    }
    Assumptions.assumeTrue(there, "strace is missing");
  }

  public static List<String> kills(String call, int index) {
    return injects(call, "signal=SIGKILL:when=" + index);
  }

  /** Kills a process when one of its threads makes its so many-th call from now on. */
  public static void kills(long pid, String threadName, String call, int index) throws Exception {
    Path thread = thread(pid, threadName);
    attached(call, "signal=SIGKILL:when=" + index, thread, false);
  }

  /**
   * Delays each call from now on, until this is closed.
   *
   * @param id of a thread, or of a process
   * @param calls their names, with commas between
   * @param all the other threads of the process, too
   */
  public static Strace delays(long id, String calls, Duration longer, boolean all)
      throws Exception {
    String delay = "delay_enter=%d".formatted(longer.toNanos() / 1_000);
    return new Strace(attached(calls, delay, Path.of("/proc", Long.toString(id)), all));
  }

  /** Returns once it traces a thread, or a process. */
  private static Process attached(String calls, String what, Path traced, boolean all)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(PROGRAM, "-qq", "-o", "/dev/null"));
    if (all) {
      command.add("-f");
    }
    command.addAll(List.of("-e", "trace=" + calls));
    command.addAll(List.of("-e", "inject=%s:%s".formatted(calls, what)));
    command.addAll(List.of("-p", traced.getFileName().toString()));
    Process strace = new ProcessBuilder(command).inheritIO().start();
    Waits.until(
        () -> Files.readString(traced.resolve("status")),
        status -> !status.contains("TracerPid:\t0\n"),
        () -> {
          if (!strace.isAlive()) {
            throw new IOException("strace does not trace " + traced);
          }
          Waits.pause(Duration.ofMillis(1));
        });
    return strace;
  }

  /** Returns whether the delay lasts: strace may not be allowed to trace. */
  public boolean lasts() {
    return process.isAlive();
  }

  /** The calls take what they take again. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(90, TimeUnit.SECONDS).join();
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
  public static List<String> fails(String call, String error, int from) {
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

  public static List<String> traces(Path file) {
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
