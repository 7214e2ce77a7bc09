package com.huntaze.rollout.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryCountTest {
  private static boolean tells(String value) {
    return RetryCount.tells(
        MultiMap.caseInsensitiveMultiMap().add("X-Stainless-Retry-Count", value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "01", "999999999"})
  void aNumberFromOneOnIsARepetition(String value) {
    assertThat(tells(value)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "00", "", "-1", "+1", "1.5", "one", "1, 1", "\u0661", "9999999999"})
  void anythingElseIsNone(String value) {
    assertThat(tells(value)).isFalse();
  }

  @Test
  void whoSaysNothingDoesNotRepeat() {
    assertThat(RetryCount.tells(MultiMap.caseInsensitiveMultiMap())).isFalse();
  }
}
