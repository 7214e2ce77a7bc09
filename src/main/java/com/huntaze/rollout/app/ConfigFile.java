package com.huntaze.rollout.app;

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
      paramLabel = "FILE",
      description = "The configuration. Default: conf/proxy.json.")
  private Path given;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** The file that was named, or the usual one below the working directory. */
  Path path() {
    if (given != null) {
      return given;
    }
    if (Files.exists(USUAL)) {
      return USUAL;
    }
    throw new ParameterException(
        spec.commandLine(),
        "--config: missing, and there is no %s in this directory (expected: a configuration)"
            .formatted(USUAL));
  }
}
