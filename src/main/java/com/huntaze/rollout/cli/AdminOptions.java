package com.huntaze.rollout.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that choose a command's proxy and the form of its answer. */
final class AdminOptions {
  @Option(
      names = "--admin",
      paramLabel = "URL",
      description =
          "The proxy's admin port; also ROLLOUT_ADMIN_URL. Default: " + AdminAddress.DEFAULT + ".")
  private String url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Its token; better in the environment, as ADMIN_TOKEN.")
  private String token;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "PEM file with the authorities to trust for https, instead of the system's; also"
              + " ROLLOUT_ADMIN_CA.")
  private String ca;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  private static final Pattern TOKEN = Pattern.compile("[!-~]*");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  boolean json() {
    return json;
  }

  AdminApi api() {
    Map<String, String> environment = System.getenv();
    return new AdminApi(address(environment), token(environment), trust(environment));
  }

  /** {@code null} = the system's authorities. */
  private SSLContext trust(Map<String, String> environment) {
    String file = ca == null ? environment.getOrDefault("ROLLOUT_ADMIN_CA", "") : ca;
    try {
      return file.isEmpty() ? null : AdminTrust.in(Path.of(file));
    } catch (IOException | InvalidPathException strange) {
      throw new ParameterException(spec.commandLine(), "--ca: " + strange.getMessage());
    }
  }

  private String token(Map<String, String> environment) {
    String given = token == null ? environment.getOrDefault("ADMIN_TOKEN", "") : token;
    // A file's last line end came along.
    String one = given.replaceFirst("\\r?\\n$", "");
    if (!TOKEN.matcher(one).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--token, ADMIN_TOKEN: not shown (expected: printable ASCII characters without a space)");
    }
    return one;
  }

  private URI address(Map<String, String> environment) {
    try {
      return AdminAddress.chosen(url, environment);
    } catch (IllegalArgumentException strange) {
      throw new ParameterException(spec.commandLine(), strange.getMessage());
    }
  }
}
