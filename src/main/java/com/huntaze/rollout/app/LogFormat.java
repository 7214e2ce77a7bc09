package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.settings.Problem;
import java.util.List;
import java.util.Map;

/**
 * How the log is written, by the environment variable {@value #VARIABLE}: {@code text} for people,
 * or {@code json}, an object a line with the field names of the Elastic Common Schema. {@code
 * logback.xml} reads it itself, before anything else is loaded.
 */
final class LogFormat {
  private static final String VARIABLE = "LOG_FORMAT";
  private static final String TEXT = "text";
  private static final String JSON = "json";

  private LogFormat() {}

  static boolean isJson(Map<String, String> environment) {
    return JSON.equals(environment.get(VARIABLE));
  }

  /**
   * With another value nothing would be logged at all.
   *
   * @throws ConfigException if there is one
   */
  static void check(Map<String, String> environment) {
    String format = environment.getOrDefault(VARIABLE, TEXT);
    if (!format.equals(TEXT) && !format.equals(JSON)) {
      String shown = format.isEmpty() ? "empty" : format;
      throw new ConfigException(List.of(new Problem(VARIABLE, shown, "text or json")));
    }
  }
}
