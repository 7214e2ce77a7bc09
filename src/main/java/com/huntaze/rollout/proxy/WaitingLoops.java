package com.huntaze.rollout.proxy;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The attempt loops of one event loop that wait for the first content of an answer, or for a place
 * at a breaker. When a probe finds their provider down or alive they are told, so that nobody waits
 * for a router that has gone, and nobody is bound to one that may have gone; and when a breaker has
 * closed, so that nobody waits longer than that.
 */
final class WaitingLoops {
  private final Set<AttemptLoop> waiting = new HashSet<>();

  /** The beginnings of the latest answered probe of each provider, {@code System.nanoTime}. */
  private final Map<Provider, Long> alive = new EnumMap<>(Provider.class);

  void listen(Bus bus) {
    bus.hear(ProviderAddresses.PROBE_DOWN, JsonObject.class, this::down);
    bus.hear(ProviderAddresses.PROBE_UP, JsonObject.class, this::up);
    bus.hear(ProviderAddresses.BREAKER_STATE, JsonObject.class, this::breaker);
  }

  /**
   * Returns whether a provider that has answered probes has not yet answered one that began after
   * the given moment: it may have fallen silent. Of a provider that is not probed nothing can be
   * said.
   */
  boolean doubtful(Provider provider, long sinceNanos) {
    Long probed = alive.get(provider);
    return probed != null && probed - sinceNanos <= 0;
  }

  void add(AttemptLoop loop) {
    waiting.add(loop);
  }

  void remove(AttemptLoop loop) {
    waiting.remove(loop);
  }

  private void down(JsonObject message) {
    // Who moves on waits anew, and changes the set.
    for (AttemptLoop loop : new ArrayList<>(waiting)) {
      loop.probeDown(provider(message), message.getLong("since"));
    }
  }

  private void up(JsonObject message) {
    alive.put(provider(message), message.getLong("since"));
    for (AttemptLoop loop : new ArrayList<>(waiting)) {
      loop.probeUp(provider(message));
    }
  }

  private void breaker(JsonObject message) {
    if ("closed".equals(message.getString("state"))) {
      for (AttemptLoop loop : new ArrayList<>(waiting)) {
        loop.breakerClosed(provider(message));
      }
    }
  }

  private static Provider provider(JsonObject message) {
    String label = message.getString("provider");
    return Provider.FOUNDRY.label().equals(label) ? Provider.FOUNDRY : Provider.LEGACY;
  }
}
