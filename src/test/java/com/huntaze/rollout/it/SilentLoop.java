package com.huntaze.rollout.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** One event loop of a process that does not come back from its wait, until this is closed. */
final class SilentLoop implements AutoCloseable {
  private static final Path STRACE = Path.of("/usr/bin/strace");
  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

  private static final Pattern LOOP =
      Pattern.compile(
          "\"vert.x-eventloop-thread-\\d+\".* cpu=([0-9.]+)ms .* nid=(0x[0-9a-f]+|\\d+) ");

  private final Process strace;

  private SilentLoop(Process strace) {
    this.strace = strace;
  }

  /** Skips the test where strace or the JDK's jcmd is missing; in CI that is an error. */
  static void require() {
    boolean there = Files.isExecutable(STRACE) && Files.isExecutable(JCMD);
    if (!there && "true".equals(System.getenv("CI"))) {
      Assertions.fail("strace or jcmd is missing (expected: Debian's strace, and a JDK)");
    }
    Assumptions.assumeTrue(there, "strace or jcmd is missing");
  }

  /** Some work for a process, which ends when it is done. */
  interface Work {
    void run() throws Exception;
  }

  /** An event loop's thread, by the kernel's id, and the CPU time that it has used. */
  private record Loop(long id, double millis) {}

  /** Makes every wait of the event loop that does most of the work last for a minute from then. */
  static SilentLoop busiest(ProxyProcess process, Work work) throws Exception {
    long pid = process.process().pid();
    Map<Long, Double> before = loops(pid).collect(Collectors.toMap(Loop::id, Loop::millis));
    work.run();
    long busiest =
        loops(pid)
            .max(
                Comparator.comparingDouble(
                    loop -> loop.millis() - before.getOrDefault(loop.id(), 0.0)))
            .orElseThrow()
            .id();
    Process strace =
        new ProcessBuilder(
                STRACE.toString(),
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=epoll_wait,epoll_pwait,epoll_pwait2",
                "-e",
                "inject=epoll_wait,epoll_pwait,epoll_pwait2:delay_enter=60000000",
                "-p",
                Long.toString(busiest))
            .inheritIO()
            .start();
    return new SilentLoop(strace);
  }

  /** As the JVM tells them, which alone knows a thread's whole name. */
  private static Stream<Loop> loops(long pid) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(JCMD.toString(), Long.toString(pid), "Thread.print")
            .redirectErrorStream(true)
            .start();
    String threads = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    List<Loop> loops =
        LOOP.matcher(threads)
            .results()
            .map(line -> new Loop(Long.decode(line.group(2)), Double.parseDouble(line.group(1))))
            .toList();
    if (loops.isEmpty()) {
      throw new IOException("threads: no event loop in " + threads);
    }
    return loops.stream();
  }

  /** Returns whether it is silent still: strace may not be allowed to trace. */
  boolean lasts() {
    return strace.isAlive();
  }

  /** The loop goes on. */
  @Override
  public void close() {
    strace.destroy();
    strace.onExit().orTimeout(90, TimeUnit.SECONDS).join();
  }
}
