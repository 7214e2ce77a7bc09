package com.huntaze.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huntaze.rollout.network.Networks;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnAddressTest {
  /** A Fargate task has the loopback, the agent's link and the address that others reach. */
  private static List<InetAddress> task() throws IOException {
    return List.of(
        InetAddress.getByName("127.0.0.1"),
        InetAddress.getByName("169.254.172.2"),
        InetAddress.getByName("10.0.1.23"),
        InetAddress.getByName("fe80::1"),
        InetAddress.getByName("2001:db8::17"));
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/16,10.0.1.23", "2001:db8::/32,2001:db8::17", "10.0.1.23/32,10.0.1.23"})
  void isTheOneThatLiesInTheNetwork(String network, String own) throws IOException {
    assertThat(OwnAddress.in(network, task())).isEqualTo(InetAddress.getByName(own));
  }

  @Test
  void noneAndSeveralAreToldWithWhatThereIs() {
    assertThatThrownBy(() -> OwnAddress.in("192.168.0.0/16", task()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "this machine has none of its addresses, but 127.0.0.1, 169.254.172.2, 10.0.1.23,"
                + " fe80:0:0:0:0:0:0:1, 2001:db8:0:0:0:0:0:17");
    assertThatThrownBy(() -> OwnAddress.in("0.0.0.0/0", task()))
        .hasMessage(
            "this machine has several of its addresses, 127.0.0.1, 169.254.172.2, 10.0.1.23");
  }

  @Test
  void isOfTheMachine() throws IOException {
    assertThat(OwnAddress.of("127.0.0.0/8")).isEqualTo(InetAddress.getByName("127.0.0.1"));
    assertThat(OwnAddress.of("localhost").isLoopbackAddress()).isTrue();
    assertThat(OwnAddress.of("127.0.0.7")).isEqualTo(InetAddress.getByName("127.0.0.7"));
    assertThat(new Networks(List.of("127.0.0.0/8")).contains(OwnAddress.of("127.0.0.3"))).isTrue();
  }
}
