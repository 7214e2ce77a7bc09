package com.huntaze.rollout.proxy;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/**
 * The pursuits of one event loop that wait for the first content of an answer. When a probe finds
 * their provider down they are told, so that nobody waits for a router that has gone.
 */
final class WaitingPursuits {
  private final Set<Pursuit> waiting = new HashSet<>();

  void listen(Vertx vertx) {
    vertx
        .eventBus()
        .<JsonObject>localConsumer(ProviderAddresses.PROBE_DOWN, message -> down(message.body()));
  }

  void add(Pursuit pursuit) {
    waiting.add(pursuit);
  }

  void remove(Pursuit pursuit) {
    waiting.remove(pursuit);
  }

  private void down(JsonObject message) {
    String label = message.getString("provider");
    Provider provider = Provider.FOUNDRY.label().equals(label) ? Provider.FOUNDRY : Provider.LEGACY;
    long since = message.getLong("since");
    // Who moves on waits anew, and changes the set.
    for (Pursuit pursuit : new ArrayList<>(waiting)) {
      pursuit.providerDown(provider, since);
    }
  }
}
