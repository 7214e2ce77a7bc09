package com.huntaze.rollout.app;

import com.huntaze.rollout.config.ConfigException;
import com.huntaze.rollout.settings.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The form of the log, chosen by the environment variable {@value #VARIABLE}: {@code text} for
 * people, or {@code json}, an object a line with the field names of the Elastic Common Schema. The
 * program's {@code logback.xml} reads it itself, before anything else is loaded.
 *
 * <p>Decision 57 in {@code docs/decisions.md}.
 */
final class LogFormat {
  private static final String VARIABLE = "LOG_FORMAT";
  private static final String TEXT = "text";
  private static final String JSON = "json";

  /** Logback's own, with which a file, URL or resource is named. */
  private static final String LOGBACK_PROPERTY = "logback.configurationFile";

  private static final List<String> FOUND_BY_LOGBACK = List.of("logback-test.xml", "logback.xml");

  private LogFormat() {}

  /**
   * Points Logback to the program's own configuration, unless the command line or the class path
   * has another. That one is not where Logback finds it by itself, because who embeds the proxy has
   * a log of their own. To be called before the first logger is made.
   */
  static void configure() {
    ClassLoader loader = LogFormat.class.getClassLoader();
    configuration(System::getProperty, name -> loader.getResource(name) != null)
        .ifPresent(name -> System.setProperty(LOGBACK_PROPERTY, name));
  }

  /** The resource that Logback has to be pointed to, or empty where it finds another. */
  static Optional<String> configuration(
      UnaryOperator<String> properties, Predicate<String> onClassPath) {
    if (properties.apply(LOGBACK_PROPERTY) != null
        || FOUND_BY_LOGBACK.stream().anyMatch(onClassPath)) {
      return Optional.empty();
    }
    return Optional.of("rollout/logback.xml");
  }

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
