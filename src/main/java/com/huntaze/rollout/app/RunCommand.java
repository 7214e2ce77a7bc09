package com.huntaze.rollout.app;

import com.huntaze.rollout.settings.DurationText;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(1);

  @Mixin private ConfigFile config;

  @Option(
      names = "--config-interval",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "How often a configuration at a URL is asked for, 1s..24h. Default: ${DEFAULT-VALUE}.")
  private String interval;

  @Mixin private FlagOptions flags;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Duration asked =
        DurationText.parse(interval)
            .filter(time -> time.compareTo(LEAST) >= 0 && time.compareTo(MOST) <= 0)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--config-interval: %s (expected: 1s..24h, such as 30s)"
                            .formatted(interval)));
    ConfigSource source = new ConfigSource(config.place(), System.getenv(), flags.flags(), asked);
    return Launcher.runUntilStopped(source, () -> {});
  }
}
