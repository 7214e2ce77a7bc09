package com.huntaze.rollout.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address of a client is what somebody we trust says, and nothing else. */
class TrustedPeersTest {
  private final TrustedPeers trusted = new TrustedPeers(List.of("10.0.0.0/8", "fd00::/8"));

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "192.0.2.1, none, 192.0.2.1",
        "192.0.2.1, 203.0.113.9, 192.0.2.1",
        "10.0.0.1, none, 10.0.0.1",
        "10.0.0.1, 203.0.113.9, 203.0.113.9",
        "10.0.0.1, '198.51.100.7, 203.0.113.9', 203.0.113.9",
        "10.0.0.1, '203.0.113.9, 10.2.3.4', 203.0.113.9",
        "10.0.0.1, '10.9.9.9, 10.2.3.4', 10.9.9.9",
        "10.0.0.1, '203.0.113.9, <script>, 10.2.3.4', 10.2.3.4",
        "10.0.0.1, 'unknown', 10.0.0.1",
        "10.0.0.1, '203.0.113.9:1234', 10.0.0.1",
        "fd00::1, '2001:db8::1', 2001:db8::1",
        "10.0.0.1, ',,', 10.0.0.1"
      })
  void ofAClient(String peer, String forwarded, String client) {
    List<String> fields = forwarded == null ? List.of() : List.of(forwarded);
    assertThat(trusted.client(SocketAddress.inetSocketAddress(1, peer), fields)).isEqualTo(client);
  }
}
