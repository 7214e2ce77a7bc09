package com.huntaze.rollout.it;

import com.huntaze.rollout.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A process of which each call that forces data to the disk takes longer: strace delays it. */
final class SlowDisk implements AutoCloseable {
  private static final Path STRACE = Path.of("/usr/bin/strace");
  private static final String CALLS = "fsync,fdatasync";

  private final Process strace;

  private SlowDisk(Process strace) {
    this.strace = strace;
  }

  /** Skips the test where strace is missing; in CI that is an error. */
  static void require() {
    boolean there = Files.isExecutable(STRACE);
    if (!there && "true".equals(System.getenv("CI"))) {
      Assertions.fail("strace is missing (expected: Debian's strace)");
    }
    Assumptions.assumeTrue(there, "strace is missing");
  }

  /** From now on each call of all threads takes so much longer. */
  static SlowDisk of(ProxyProcess process, Duration longer) throws Exception {
    long pid = process.process().pid();
    String inject = "inject=%s:delay_enter=%d".formatted(CALLS, longer.toNanos() / 1_000);
    Process strace =
        new ProcessBuilder(
                STRACE.toString(),
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + CALLS,
                "-e",
                inject,
                "-p",
                Long.toString(pid))
            .inheritIO()
            .start();
    Path status = Path.of("/proc", Long.toString(pid), "status");
    Waits.until(
        () -> Files.readString(status),
        told -> !told.contains("TracerPid:\t0\n"),
        () -> {
          if (!strace.isAlive()) {
            throw new IOException("strace does not trace " + pid);
          }
          Waits.pause(Duration.ofMillis(10));
        });
    return new SlowDisk(strace);
  }

  /** Returns whether it is slow still: strace may not be allowed to trace. */
  boolean lasts() {
    return strace.isAlive();
  }

  @Override
  public void close() {
    strace.destroy();
    strace.onExit().orTimeout(90, TimeUnit.SECONDS).join();
  }
}
