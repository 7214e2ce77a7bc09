package com.huntaze.rollout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The Logback configuration in force; LogFormatIT reads what the packaged jar writes. */
class LogFormatTest {
  private static final String OWN = "rollout/logback.xml";

  private static Optional<String> chosen(Map<String, String> properties, String... onClassPath) {
    return LogFormat.configuration(properties::get, List.of(onClassPath)::contains);
  }

  @Test
  void theProgramsOwnIsTakenWhereThereIsNoOther() {
    assertThat(chosen(Map.of())).contains(OWN);
    assertThat(chosen(Map.of(), OWN, "logback.xml.bak")).contains(OWN);
  }

  @Test
  void oneOfTheCommandLineStays() {
    assertThat(chosen(Map.of("logback.configurationFile", "/etc/mine.xml"))).isEmpty();
  }

  @Test
  void oneOfTheClassPathStays() {
    assertThat(chosen(Map.of(), "logback.xml")).isEmpty();
    assertThat(chosen(Map.of(), "logback-test.xml")).isEmpty();
  }

  @Test
  void theProgramsOwnIsThere() {
    assertThat(LogFormat.class.getClassLoader().getResource(OWN)).isNotNull();
  }
}
