package com.huntaze.rollout.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import org.junit.jupiter.api.Test;

class BindFailureTest {
  @Test
  void saysThatAPortNeedsPrivilegesInsteadOfBlamingTheAddress() {
    BindException denied = new BindException("bind(..) failed with error(-13): Permission denied");
    assertThat(BindFailure.describe("server.port", "127.0.0.1", 80, denied))
        .hasMessage(
            "server.port: 80 may not be listened on by this user"
                + " (expected: a port from 1024 on; --port takes another)");
  }
}
