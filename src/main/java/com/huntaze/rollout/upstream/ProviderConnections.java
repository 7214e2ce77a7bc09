package com.huntaze.rollout.upstream;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The connections of one event loop to one provider, over all its addresses. Vert.x has a pool for
 * each address; what is promised is a limit for all of them together.
 *
 * @param <C> what a connection is
 */
final class ProviderConnections<C> {
  private final int most;
  private final Predicate<C> idle;
  private final Consumer<C> close;
  private final Map<String, Set<C>> open = new HashMap<>();
  private int count;

  /** The requests that wait for a connection, which may be a new one. */
  private int asked;

  /**
   * @param most the limit
   * @param idle tells whether a connection has no request
   * @param close closes a connection, which is then told to {@link #closed}
   */
  ProviderConnections(int most, Predicate<C> idle, Consumer<C> close) {
    this.most = most;
    this.idle = idle;
    this.close = close;
  }

  /**
   * Tells whether a connection to the address may be asked for: one that is idle there, or a new
   * one. Where all are open, an idle one to another address is closed for it.
   */
  boolean hasRoom(String address) {
    if (count + asked < most || idle(open.getOrDefault(address, Set.of())) != null) {
      return true;
    }
    for (Set<C> others : open.values()) {
      C spare = idle(others);
      if (spare != null) {
        close.accept(spare);
        return true;
      }
    }
    return false;
  }

  private C idle(Set<C> connections) {
    for (C connection : connections) {
      if (idle.test(connection)) {
        return connection;
      }
    }
    return null;
  }

  /** A connection is asked for. */
  void ask() {
    asked++;
  }

  /** One that was asked for is here, or there is none. */
  void answered() {
    asked--;
  }

  void opened(String address, C connection) {
    if (open.computeIfAbsent(address, first -> new LinkedHashSet<>()).add(connection)) {
      count++;
    }
  }

  void closed(String address, C connection) {
    Set<C> there = open.get(address);
    if (there != null && there.remove(connection)) {
      count--;
      if (there.isEmpty()) {
        open.remove(address);
      }
    }
  }
}
