package com.huntaze.rollout.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build. */
final class Version {
  private Version() {}

  /** Such as {@code 1.2.0}; written by the build into {@code version.properties}. */
  static String text() {
    try (InputStream in = Version.class.getResourceAsStream("/rollout/version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
