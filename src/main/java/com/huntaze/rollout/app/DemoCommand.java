package com.huntaze.rollout.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code demo}: {@code run} with the configuration that comes with the jar ({@code
 * conf/demo.json}), and nothing else.
 */
@Command(
    name = "demo",
    description = "Runs the proxy with two simulated backends and a little traffic.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Mixin private FlagOptions flags;

  @Override
  public Integer call() throws IOException {
    Path directory = Files.createTempDirectory("rollout-demo");
    Path config = directory.resolve("demo.json");
    try (InputStream in = DemoCommand.class.getResourceAsStream("/conf/demo.json")) {
      Files.copy(in, config);
    }
    return Launcher.runUntilStopped(config, flags.flags(), () -> delete(config, directory));
  }

  private static void delete(Path... paths) {
    try {
      for (Path path : paths) {
        Files.deleteIfExists(path);
      }
    } catch (IOException left) {
      // A small file stays in the temporary directory.
    }
  }
}
