package com.huntaze.rollout.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a:80",
        "a.example",
        "127.0.0.1:8080",
        "[::1]",
        "[::1]:8080",
        "[::ffff:10.0.0.1]",
        "[fe80::1%25eth0]",
        "[fe80::1%25eth0]:8080",
        "[fe80::1%eth0.100]",
        "[fe80::1%25en%2D0]"
      })
  void whatNamesAHostIsTaken(String host) {
    assertThat(HostRules.valid(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "u@a",
        "a/b",
        "a:",
        "a:99999",
        "a:8o",
        "[::1",
        "[]",
        "[%25eth0]",
        "[fe80::1%]",
        "[fe80::1%25eth0/]",
        "[fe80::1%25eth0 ]",
        "[fe80::1%25eth0]x",
        "[fe80::g]",
        "fe80::1%25eth0"
      })
  void whatNamesNoneIsNot(String host) {
    assertThat(HostRules.valid(host)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "a:80, a, 80, true",
    "a, A:80, 80, true",
    "a:443, a, 443, true",
    "a:443, a, 80, false",
    "a:8080, a, 80, false",
    "a:80, b, 80, false",
    "[::1]:80, [::1], 80, true",
    "[::80], [:], 80, false"
  })
  void thePortOfTheSchemeMayBeLeftOut(String one, String other, int port, boolean same) {
    assertThat(HostRules.same(one, other, port)).isEqualTo(same);
  }
}
