package com.huntaze.rollout.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "255.255.255.255",
        "10.0.0.0/8",
        "10.1.2.3/32",
        "::",
        "::1",
        "fe80::/10",
        "2001:db8::1/128",
        "::ffff:10.0.0.1",
        "0.0.0.0/0"
      })
  void readsAddressesAndNetworks(String text) {
    assertThat(IpAddresses.isNetwork(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4.",
        "1.2.3.4/33",
        "1.2.3.4/",
        "1.2.3.4/-1",
        "1.2.3.4/8/8",
        "::1/129",
        ":",
        "1:2",
        ":::",
        "::1%lo",
        "[::1]",
        "1.2.3.4\n",
        "/8"
      })
  void refusesWhatIsNeither(String text) {
    assertThat(IpAddresses.isNetwork(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1"})
  void knowsLoopback(String host) {
    assertThat(IpAddresses.isLoopback(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "::",
        "10.0.0.1",
        "localhost.example",
        "127.0.0.1.example",
        "127.1",
        "h"
      })
  void takesNothingElseForLoopback(String host) {
    assertThat(IpAddresses.isLoopback(host)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void knowsWildcards(String host) {
    assertThat(IpAddresses.isWildcard(host)).isTrue();
    assertThat(IpAddresses.isWildcard("127.0.0.1")).isFalse();
  }
}
