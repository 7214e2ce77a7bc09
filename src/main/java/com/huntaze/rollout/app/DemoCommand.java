package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigPlace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code demo}: {@code run} with the configuration and the prices that come with the jar ({@code
 * conf/demo.json}, {@code conf/prices.json}), and nothing else.
 */
@Command(
    name = "demo",
    description = "Runs the proxy with two simulated backends and a little traffic.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  rollout-proxy demo --port 8081 --canary 25"})
final class DemoCommand implements Callable<Integer> {
  @Mixin private FlagOptions flags;

  @Override
  public Integer call() throws IOException {
    Path directory = Files.createTempDirectory("rollout-demo");
    Path config = copy("demo.json", directory);
    Path prices = copy("prices.json", directory);
    ConfigSource source =
        new ConfigSource(ConfigPlace.of(config), System.getenv(), flags.flags(), null);
    return Launcher.runUntilStopped(source, () -> delete(config, prices, directory));
  }

  private static Path copy(String name, Path directory) throws IOException {
    Path copy = directory.resolve(name);
    try (InputStream in = DemoCommand.class.getResourceAsStream("/rollout/conf/" + name)) {
      Files.copy(in, copy);
    }
    return copy;
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
