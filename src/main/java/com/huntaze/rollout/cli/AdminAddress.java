package com.huntaze.rollout.cli;

import java.net.URI;
import java.util.Map;

/** The address of a proxy's admin port, as a command is given it. Pure. */
final class AdminAddress {
  static final String DEFAULT = "http://127.0.0.1:9090";

  private static final String OPTION = "--admin";
  private static final String VARIABLE = "ROLLOUT_ADMIN_URL";
  private static final int HIGHEST_PORT = 65_535;

  private AdminAddress() {}

  /**
   * The address of an option, or of the environment, or the default one. A variable that is empty
   * is none.
   *
   * @param option {@code null} = it was not given
   * @throws IllegalArgumentException with one sentence that names the source; credentials in an
   *     address are not shown
   */
  static URI chosen(String option, Map<String, String> environment) {
    String variable = environment.getOrDefault(VARIABLE, "");
    String source = option == null ? VARIABLE : OPTION;
    return option == null && variable.isEmpty()
        ? URI.create(DEFAULT)
        : read(source, option == null ? variable : option);
  }

  private static URI read(String source, String given) {
    if (given.contains("@")) {
      throw refused(source, "not shown", "a URL without credentials; --token has the token");
    }
    URI uri;
    try {
      uri = URI.create(given);
    } catch (IllegalArgumentException malformed) {
      throw refused(source, given, "a URL such as " + DEFAULT);
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null) {
      throw refused(source, given, "a URL such as " + DEFAULT);
    }
    if (uri.getPort() > HIGHEST_PORT || uri.getPort() == 0) {
      throw refused(source, given, "a port of 1 to " + HIGHEST_PORT);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw refused(source, given, "a URL without ? and #");
    }
    return uri;
  }

  /**
   * The address of a path of the admin port.
   *
   * @param base with a path of its own where something in front of the proxy takes that away
   * @param path begins with a slash
   */
  static URI of(URI base, String path) {
    return URI.create(base.toString().replaceFirst("/+$", "") + path);
  }

  private static IllegalArgumentException refused(String source, String given, String expected) {
    return new IllegalArgumentException("%s: %s (expected: %s)".formatted(source, given, expected));
  }
}
