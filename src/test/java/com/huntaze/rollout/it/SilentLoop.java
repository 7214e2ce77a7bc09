package com.huntaze.rollout.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** One event loop of a process that does not come back from its wait, until this is closed. */
final class SilentLoop implements AutoCloseable {
  private static final Path STRACE = Path.of("/usr/bin/strace");
  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

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

  /**
   * Makes every wait of an event loop last for a minute from now on.
   *
   * @param index of the loop, in the order in which verticles were deployed on them
   */
  static SilentLoop of(ProxyProcess process, int index) throws Exception {
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
                Long.toString(thread(process.process().pid(), index)))
            .inheritIO()
            .start();
    return new SilentLoop(strace);
  }

  /** The kernel's id of the loop's thread: its whole name is known to the JVM alone. */
  private static long thread(long pid, int index) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(JCMD.toString(), Long.toString(pid), "Thread.print")
            .redirectErrorStream(true)
            .start();
    String threads = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    Pattern line =
        Pattern.compile("\"vert.x-eventloop-thread-" + index + "\".* nid=(0x[0-9a-f]+|\\d+) ");
    Matcher found = line.matcher(threads);
    if (!found.find()) {
      throw new IOException("threads: no event loop " + index + " in " + threads);
    }
    return Long.decode(found.group(1));
  }

  /** Whether it is silent still: strace may not be allowed to trace. */
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
