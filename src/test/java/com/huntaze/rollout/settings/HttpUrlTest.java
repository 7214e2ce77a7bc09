package com.huntaze.rollout.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUrlTest {
  @ParameterizedTest
  @CsvSource({
    "http://h, false, h, 80, ''",
    "http://h/, false, h, 80, ''",
    "https://h, true, h, 443, ''",
    "https://h:8443/a/b//, true, h, 8443, /a/b",
    "http://ai_router:8000, false, ai_router, 8000, ''",
    "http://127.0.0.1:1, false, 127.0.0.1, 1, ''",
    "http://[::1]:65535/x, false, ::1, 65535, /x",
  })
  void readsItsParts(String text, boolean secure, String host, int port, String path) {
    assertThat(HttpUrl.parse(text)).contains(new HttpUrl(secure, host, port, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h",
        "h:80",
        "//h",
        "http://",
        "http:///x",
        "HTTP://h",
        "ftp://h",
        "http://u@h",
        "http://u:p@h",
        "http://h?x",
        "http://h/?x",
        "http://h/#x",
        "http://h:0",
        "http://h:65536",
        "http://h:",
        "http://h:99999999999",
        "http://[::1",
        "http://[1:2:3]",
        "http://[...]",
        "http://h/a b",
        "http://h/\r\nX: 1",
        "http://h\n",
        " http://h",
        "http://h/é",
        "http://-h"
      })
  void refusesWhatIsNoBaseUrl(String text) {
    assertThat(HttpUrl.parse(text)).isEmpty();
  }

  @Test
  void leavesTheStandardPortOutOfTheAuthority() {
    assertThat(HttpUrl.parse("http://h:80").orElseThrow().authority()).isEqualTo("h");
    assertThat(HttpUrl.parse("https://h:80").orElseThrow().authority()).isEqualTo("h:80");
    assertThat(HttpUrl.parse("https://[::1]:443/a").orElseThrow()).hasToString("https://[::1]/a");
  }
}
