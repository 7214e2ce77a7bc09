package com.huntaze.rollout.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
