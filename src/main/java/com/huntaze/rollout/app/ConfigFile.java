package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.config.ConfigPlace;
import com.huntaze.rollout.settings.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that names the configuration; without it the file is where it is shipped. */
final class ConfigFile {
  private static final Path USUAL = Path.of("conf", "proxy.json");

  @Option(
      names = "--config",
      paramLabel = "PLACE",
      description =
          "The configuration: a file, a directory of overlays, or an https:// URL. Default:"
              + " conf/proxy.json.")
  private String given;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** The place that was named, or the usual file below the working directory. */
  ConfigPlace place() {
    if (given != null) {
      return place(spec, given);
    }
    if (Files.exists(USUAL)) {
      return ConfigPlace.of(USUAL);
    }
    throw new ParameterException(
        spec.commandLine(),
        "--config: missing, and there is no %s in this directory (expected: a configuration)"
            .formatted(USUAL));
  }

  /** The place that was typed, or a usage error. */
  static ConfigPlace place(CommandSpec spec, String typed) {
    try {
      return ConfigPlace.parse(typed);
    } catch (ConfigException none) {
      Problem problem = none.problems().get(0);
      throw new ParameterException(
          spec.commandLine(),
          new Problem("--config", problem.value(), problem.expectation()).toString());
    }
  }
}
