package com.huntaze.rollout.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProviderConnectionsTest {
  private final Set<String> unusable = new HashSet<>();
  private final List<String> closed = new ArrayList<>();
  private final ProviderConnections<String> connections =
      new ProviderConnections<>(3, each -> !unusable.contains(each), closed::add);

  @Test
  void theLimitIsOfAllAddressesTogether() {
    connections.opened("10.0.0.1", "a");
    connections.opened("10.0.0.2", "b");
    assertThat(connections.hasRoom()).isTrue();
    connections.opened("10.0.0.3", "c");
    assertThat(connections.hasRoom()).isFalse();
  }

  @Test
  void whatIsBeingOpenedCounts() {
    connections.opened("10.0.0.1", "a");
    connections.ask();
    connections.ask();
    assertThat(connections.hasRoom()).isFalse();
    connections.answered();
    assertThat(connections.hasRoom()).isTrue();
  }

  @Test
  void aFreeOneIsTakenOnce() {
    connections.opened("10.0.0.1", "a");
    assertThat(connections.take("10.0.0.1")).isNull();
    connections.freed("10.0.0.1", "a");
    assertThat(connections.take("10.0.0.2")).isNull();
    assertThat(connections.take("10.0.0.1")).isEqualTo("a");
    assertThat(connections.take("10.0.0.1")).isNull();
  }

  @Test
  void whoeverWasUsedLastIsUsedNext() {
    for (String each : new String[] {"a", "b", "c"}) {
      connections.opened("10.0.0.1", each);
      connections.freed("10.0.0.1", each);
    }
    assertThat(connections.take("10.0.0.1")).isEqualTo("c");
    assertThat(connections.take("10.0.0.1")).isEqualTo("b");
    connections.freed("10.0.0.1", "c");
    assertThat(connections.take("10.0.0.1")).isEqualTo("c");
  }

  @Test
  void oneThatCannotTakeARequestIsNeverHandedOut() {
    for (String each : new String[] {"a", "b", "c"}) {
      connections.opened("10.0.0.1", each);
    }
    unusable.add("a");
    connections.freed("10.0.0.1", "a");
    connections.freed("10.0.0.1", "b");
    connections.freed("10.0.0.1", "c");
    unusable.add("c");
    assertThat(connections.take("10.0.0.1")).isEqualTo("b");
    assertThat(connections.take("10.0.0.1")).isNull();
    assertThat(closed).containsExactly("c");
  }

  @Test
  void aFreeOneElsewhereMakesRoom() {
    connections.opened("10.0.0.1", "a");
    connections.opened("10.0.0.1", "b");
    connections.opened("10.0.0.2", "c");
    connections.freed("10.0.0.2", "c");
    assertThat(connections.hasRoom()).isTrue();
    assertThat(closed).containsExactly("c");
    // It counts until it has closed, and serves nobody until then.
    assertThat(connections.take("10.0.0.2")).isNull();
    assertThat(connections.hasRoom()).isFalse();
    connections.closed("10.0.0.2", "c");
    assertThat(connections.hasRoom()).isTrue();
  }

  @Test
  void whatHasGoneIsGoneOnce() {
    for (String each : new String[] {"a", "b", "c"}) {
      connections.opened("10.0.0.1", each);
    }
    connections.freed("10.0.0.1", "a");
    connections.closed("10.0.0.1", "a");
    connections.closed("10.0.0.1", "a");
    connections.closed("10.0.0.9", "b");
    assertThat(connections.take("10.0.0.1")).isNull();
    connections.freed("10.0.0.1", "a");
    assertThat(connections.take("10.0.0.1")).isNull();
    connections.opened("10.0.0.1", "d");
    assertThat(connections.hasRoom()).isFalse();
  }

  @Test
  void thoseThatAreNotNeededAreClosed() {
    connections.opened("10.0.0.1", "a");
    connections.opened("10.0.0.2", "b");
    connections.closeIf(each -> each.equals("b"));
    assertThat(closed).containsExactly("b");
  }
}
