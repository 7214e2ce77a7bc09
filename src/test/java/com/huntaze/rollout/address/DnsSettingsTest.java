package com.huntaze.rollout.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.2, 10.0.0.2, 53", "10.0.0.2:5353, 10.0.0.2, 5353",
    "[fd00::2], fd00::2, 53", "[::1]:65535, ::1, 65535"
  })
  void aNameServerIsAnAddressAndAPort(String text, String host, int port) {
    DnsSettings settings = new DnsSettings(List.of(text));
    assertThat(settings.check()).isEmpty();
    assertThat(settings.addresses()).containsExactly(new DnsSettings.Server(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dns.example", "10.0.0", "10.0.0.2:0", "10.0.0.2:65536", "[]", "::1"})
  void anythingElseIsRefused(String text) {
    assertThat(new DnsSettings(List.of(text)).check())
        .singleElement()
        .satisfies(problem -> assertThat(problem.path()).isEqualTo("servers[0]"));
  }

  @Test
  void nineNameServersAreTooMany() {
    assertThat(new DnsSettings(Collections.nCopies(9, "10.0.0.2")).check()).hasSize(1);
  }
}
