package com.huntaze.rollout.app;

import com.huntaze.rollout.config.Flags;
import picocli.CommandLine.Option;

/** The flags that override single values of the configuration. They are checked with the rest. */
final class FlagOptions {
  @Option(names = "--port", paramLabel = "PORT", description = "Data port; 0 takes a free one.")
  private String port;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "Admin port; 0 takes a free one.")
  private String adminPort;

  @Option(
      names = "--provider",
      paramLabel = "MODE",
      description = "foundry, legacy or canary (also AI_PROVIDER).")
  private String provider;

  @Option(
      names = "--canary",
      paramLabel = "PERCENT",
      description = "Foundry's share at the start, 0..100 (also AI_CANARY_PERCENTAGE).")
  private String canary;

  Flags flags() {
    return new Flags(port, adminPort, provider, canary);
  }
}
