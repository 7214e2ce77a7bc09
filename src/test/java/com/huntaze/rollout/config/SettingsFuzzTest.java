package com.huntaze.rollout.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.Map;

/** Any bytes as a configuration file. */
class SettingsFuzzTest {
  private static final String SECRET = "hunter2-correct-horse-battery-staple";
  private static final int LONGEST_LINE = 1_000;
  private static final SettingsReader READER =
      new SettingsReader(
          Map.of("SECRET", SECRET, "AI_ROUTER_API_KEY", SECRET),
          Flags.NONE,
          Path.of("").toAbsolutePath());

  /** It is taken or refused; a refusal has short lines, and tells no secret. */
  @FuzzTest(maxDuration = "10m")
  void isTakenOrRefused(byte[] data) {
    Loaded loaded;
    try {
      loaded = READER.read("fuzz", StrictJson.decode("fuzz", data), Source.file("fuzz"));
    } catch (ConfigException refused) {
      assertThat(refused.problems()).isNotEmpty();
      assertThat(refused.getMessage()).doesNotContain(SECRET);
      assertThat(refused.getMessage().lines())
          .hasSizeLessThanOrEqualTo(refused.problems().size() + 1)
          .allMatch(line -> line.length() <= LONGEST_LINE)
          .noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
      return;
    }
    assertThat(loaded.sources()).isNotEmpty();
    assertThat(loaded.settings()).isEqualTo(again(data).settings());
  }

  private static Loaded again(byte[] data) {
    return READER.read("fuzz", StrictJson.decode("fuzz", data), Source.file("fuzz"));
  }
}
