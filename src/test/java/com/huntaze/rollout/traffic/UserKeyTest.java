package com.huntaze.rollout.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UserKeyTest {

  @Test
  void stripsSurroundingWhiteSpaceAndKeepsCase() {
    assertThat(UserKey.normalise("  User-1\t")).isEqualTo("User-1");
  }

  @Test
  void takesNothingAndBlanksForKeyless() {
    assertThat(UserKey.normalise(null)).isNull();
    assertThat(UserKey.normalise("")).isNull();
    assertThat(UserKey.normalise(" \u2003 ")).isNull();
  }

  @Test
  void takesAKeyOfMoreThan256BytesForKeyless() {
    assertThat(UserKey.normalise("a".repeat(256))).hasSize(256);
    assertThat(UserKey.normalise("a".repeat(257))).isNull();
    assertThat(UserKey.normalise("ż".repeat(128))).hasSize(128);
    assertThat(UserKey.normalise("ż".repeat(129))).isNull();
  }
}
