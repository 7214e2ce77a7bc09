package com.huntaze.rollout.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: the proxy, until it is told to stop. */
@Command(
    name = "run",
    description = "Runs the proxy before your router.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  AI_ROUTER_URL=http://router:8000 AI_LEGACY_URL=http://legacy:8001 \\",
      "      rollout-proxy run --canary 10",
      "  with the configuration in conf/proxy.json; --config names another."
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private ConfigFile config;
  @Mixin private FlagOptions flags;

  @Override
  public Integer call() {
    return Launcher.runUntilStopped(config.path(), flags.flags(), () -> {});
  }
}
