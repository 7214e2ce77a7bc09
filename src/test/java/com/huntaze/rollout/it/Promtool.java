package com.huntaze.rollout.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Prometheus's own checker of metrics. */
final class Promtool {
  private static final Path PROGRAM = Path.of("/usr/bin/promtool");

  private Promtool() {}

  /** Tells whether it is there; where {@code CI} is true it has to be. */
  static boolean isThere() {
    boolean there = Files.isExecutable(PROGRAM);
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(PROGRAM + " is missing (Debian: prometheus), and CI=true");
    }
    return there;
  }

  /** Its words against a text; nothing when all is well. */
  static String check(Path folder, String text) throws Exception {
    Path metrics = Files.writeString(folder.resolve("metrics.txt"), text);
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "check", "metrics")
            .redirectInput(metrics.toFile())
            .redirectOutput(said.toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    String words = Files.readString(said);
    return process.exitValue() == 0 ? words : "exit " + process.exitValue() + ": " + words;
  }
}
