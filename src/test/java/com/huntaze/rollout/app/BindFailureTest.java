package com.huntaze.rollout.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.huntaze.rollout.settings.ListenException;
import java.io.IOException;
import java.net.BindException;
import org.junit.jupiter.api.Test;

/** The sentence of a port that cannot be listened on. */
class BindFailureTest {
  /** The words are those of JGroups, which tries a range of one. */
  @Test
  void aClustersPortInUseIsToldAsSuchAndTakesNoFreeOne() {
    Exception failure = new BindException("No available port to bind to in range [7800 .. 7800]");
    assertThat(BindFailure.describe("cluster.port", "10.0.0.5", 7_800, failure))
        .hasMessage(
            "cluster.port: 7800 is already in use on 10.0.0.5 (expected: a free port; another port"
                + " in a configuration of your own (run --config))");
  }

  /** A network in which the machine has no address, or several: the key to mend is the network. */
  @Test
  void aClustersNetworkIsToldByItsOwnKey() {
    IOException none = new IOException("this machine has none of its addresses, but 127.0.0.1");
    assertThat(
            BindFailure.describe(
                "cluster.port",
                "10.0.0.0/16",
                7_800,
                new ListenException("cluster.bind", "10.0.0.0/16", 7_800, none)))
        .hasMessage(
            "cluster.bind: 10.0.0.0/16:7800 cannot be listened on: this machine has none of its"
                + " addresses, but 127.0.0.1 (expected: an address of this machine)");
  }

  @Test
  void otherPortsMayBeAnyFreeOne() {
    assertThat(BindFailure.describe("admin.port", "h", 1, new BindException("Address in use")))
        .hasMessage(
            "admin.port: 1 is already in use on h (expected: a free port; --admin-port takes"
                + " another, 0 takes any)");
  }
}
