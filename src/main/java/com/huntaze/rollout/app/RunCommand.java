package com.huntaze.rollout.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code run}: the proxy, until it is told to stop. */
@Command(
    name = "run",
    description = "Runs the proxy before your router.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  AI_ROUTER_URL=http://router:8000 AI_LEGACY_URL=http://legacy:8001 \\",
      "      rollout-proxy run --config conf/proxy.json --canary 10"
    })
final class RunCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The configuration, such as conf/proxy.json.")
  private Path config;

  @Mixin private FlagOptions flags;

  @Override
  public Integer call() {
    return Launcher.runUntilStopped(config, flags.flags(), () -> {});
  }
}
