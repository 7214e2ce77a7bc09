package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.ConfigLoader;
import com.huntaze.rollout.config.ConfigPlace;
import com.huntaze.rollout.config.ConfigValue;
import com.huntaze.rollout.config.EffectiveConfig;
import com.huntaze.rollout.config.Loaded;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code config}: the configuration as {@code run} would take it, with each value's source, without
 * starting anything. What runs is told by {@code GET /api/v1/config}.
 */
@Command(
    name = "config",
    description = "Prints the effective configuration: each value and where it comes from.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:",
      "  rollout-proxy config --config conf/proxy.json --set",
      "",
      "Secrets are masked. What a running proxy goes by: GET /api/v1/config on its admin port.",
      "Exit codes: 0 valid, 2 refused."
    })
final class ConfigCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "PLACE",
      description =
          "The configuration, such as conf/proxy.json: a file, a directory of overlays, or an"
              + " https:// URL. Default: the defaults alone.")
  private String config;

  @Option(names = "--json", description = "One JSON document, as GET /api/v1/config has it.")
  private boolean json;

  @Option(
      names = "--set",
      description = "Only values that are not defaults: those that somebody has set.")
  private boolean set;

  @Mixin private FlagOptions flags;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    ConfigPlace place = config == null ? null : ConfigFile.place(spec, config);
    Vertx vertx = Vertx.vertx();
    try {
      print(ConfigLoader.load(vertx, place, System.getenv(), flags.flags()).await());
      return Main.OK;
    } catch (ConfigException refused) {
      spec.commandLine().getErr().println(refused.getMessage());
      return Main.USAGE;
    } finally {
      vertx.close().await();
    }
  }

  private void print(Loaded loaded) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(ConfigReports.effective(loaded, 0, Instant.now()).encodePrettily());
      return;
    }
    for (ConfigValue value : EffectiveConfig.values(loaded)) {
      if (!set || !value.source().equals("default")) {
        out.printf("%-45s %-30s %s%n", value.path(), Json.encode(value.shown()), value.source());
      }
    }
  }
}
