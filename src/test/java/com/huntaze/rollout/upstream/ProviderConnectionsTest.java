package com.huntaze.rollout.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProviderConnectionsTest {
  private final Set<String> idle = new HashSet<>();
  private final Set<String> closed = new HashSet<>();
  private final ProviderConnections<String> connections =
      new ProviderConnections<>(3, idle::contains, closed::add);

  @Test
  void theLimitIsOfAllAddressesTogether() {
    connections.opened("10.0.0.1", "a");
    connections.opened("10.0.0.2", "b");
    assertThat(connections.hasRoom("10.0.0.3")).isTrue();
    connections.opened("10.0.0.3", "c");
    assertThat(connections.hasRoom("10.0.0.1")).isFalse();
    assertThat(connections.hasRoom("10.0.0.4")).isFalse();
  }

  @Test
  void whatIsBeingOpenedCounts() {
    connections.opened("10.0.0.1", "a");
    connections.ask();
    connections.ask();
    assertThat(connections.hasRoom("10.0.0.2")).isFalse();
    connections.answered();
    assertThat(connections.hasRoom("10.0.0.2")).isTrue();
  }

  @Test
  void anIdleOneThereIsUsedAndOneElsewhereMakesRoom() {
    connections.opened("10.0.0.1", "a");
    connections.opened("10.0.0.1", "b");
    connections.opened("10.0.0.2", "c");
    idle.add("c");
    assertThat(connections.hasRoom("10.0.0.2")).isTrue();
    assertThat(closed).isEmpty();
    assertThat(connections.hasRoom("10.0.0.1")).isTrue();
    assertThat(closed).containsExactly("c");
    connections.closed("10.0.0.2", "c");
    assertThat(connections.hasRoom("10.0.0.2")).isTrue();
  }

  @Test
  void whatHasGoneIsGoneOnce() {
    for (String each : new String[] {"a", "b", "c"}) {
      connections.opened("10.0.0.1", each);
    }
    connections.closed("10.0.0.1", "a");
    connections.closed("10.0.0.1", "a");
    connections.closed("10.0.0.9", "b");
    connections.opened("10.0.0.1", "d");
    assertThat(connections.hasRoom("10.0.0.1")).isFalse();
  }
}
