package com.huntaze.rollout.it;

import com.huntaze.rollout.Strace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** One event loop of a process that does not come back from its wait, until this is closed. */
final class SilentLoop implements AutoCloseable {
  private static final String WAITS = "epoll_wait,epoll_pwait,epoll_pwait2";
  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

  private static final Pattern LOOP =
      Pattern.compile(
          "\"vert.x-eventloop-thread-\\d+\".* cpu=([0-9.]+)ms .* nid=(0x[0-9a-f]+|\\d+) ");

  private final Strace strace;

  private SilentLoop(Strace strace) {
    this.strace = strace;
  }

  /** Skips the test where strace or the JDK's jcmd is missing; in CI that is an error. */
  static void require() {
    Strace.require();
    boolean there = Files.isExecutable(JCMD);
    if (!there && "true".equals(System.getenv("CI"))) {
      Assertions.fail("jcmd is missing (expected: a JDK)");
    }
    Assumptions.assumeTrue(there, "jcmd is missing");
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
    return new SilentLoop(Strace.delays(busiest, WAITS, Duration.ofMinutes(1), false));
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
    return strace.lasts();
  }

  /** The loop goes on. */
  @Override
  public void close() {
    strace.close();
  }
}
