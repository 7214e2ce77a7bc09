package com.huntaze.rollout.cli;

import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which proxy a command is for, and how its answer is printed. */
final class AdminOptions {
  private static final String DEFAULT_URL = "http://127.0.0.1:9090";

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = "The proxy's admin port; also ROLLOUT_ADMIN_URL. Default: " + DEFAULT_URL + ".")
  private String url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Its token; better in the environment, as ADMIN_TOKEN.")
  private String token;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  boolean json() {
    return json;
  }

  AdminApi api() {
    Map<String, String> environment = System.getenv();
    String given = url == null ? environment.getOrDefault("ROLLOUT_ADMIN_URL", DEFAULT_URL) : url;
    return new AdminApi(uri(given), token(environment));
  }

  private String token(Map<String, String> environment) {
    return token == null ? environment.getOrDefault("ADMIN_TOKEN", "") : token;
  }

  private URI uri(String given) {
    try {
      URI uri = URI.create(given);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException malformed) {
      // told below
    }
    throw new ParameterException(
        spec.commandLine(),
        "--admin: %s (expected: a URL such as %s)".formatted(given, DEFAULT_URL));
  }
}
