package com.huntaze.rollout.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The connections of one event loop to one provider, over all its addresses: a stack of the free
 * ones for each address, and a limit for all of them together. Whoever was used last is used next,
 * so that those that are not needed grow old and are closed.
 *
 * @param <C> what a connection is
 */
final class ProviderConnections<C> {
  private final int most;
  private final Predicate<C> usable;
  private final Consumer<C> close;
  private final Map<String, Set<C>> open = new HashMap<>();
  private final Map<String, Deque<C>> free = new HashMap<>();
  private int count;

  /** The connections that are being opened. */
  private int asked;

  /**
   * @param most the limit
   * @param usable tells whether a connection can take a request
   * @param close closes a connection, which is then told to {@link #closed}
   */
  ProviderConnections(int most, Predicate<C> usable, Consumer<C> close) {
    this.most = most;
    this.usable = usable;
    this.close = close;
  }

  /** Takes a free connection to the address; {@code null} = there is none. */
  C take(String address) {
    Deque<C> there = free.get(address);
    return there == null ? null : take(there);
  }

  private C take(Deque<C> there) {
    while (true) {
      C last = there.pollLast();
      if (last == null || usable.test(last)) {
        return last;
      }
      // It is about to close, or closes now.
      close.accept(last);
    }
  }

  /**
   * Tells whether a new connection may be opened. Where there are as many as may be, a free one to
   * whichever address is closed for it.
   */
  boolean hasRoom() {
    if (count + asked < most) {
      return true;
    }
    for (Deque<C> there : free.values()) {
      C spare = take(there);
      if (spare != null) {
        close.accept(spare);
        return true;
      }
    }
    return false;
  }

  /** A connection is being opened. */
  void ask() {
    asked++;
  }

  /** One that was being opened is here, or there is none. */
  void answered() {
    asked--;
  }

  void opened(String address, C connection) {
    if (open.computeIfAbsent(address, first -> new LinkedHashSet<>()).add(connection)) {
      count++;
    }
  }

  /** A connection has no request any more. One that cannot take another is forgotten. */
  void freed(String address, C connection) {
    Set<C> there = open.get(address);
    if (there != null && there.contains(connection) && usable.test(connection)) {
      free.computeIfAbsent(address, first -> new ArrayDeque<>()).addLast(connection);
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
    Deque<C> unused = free.get(address);
    if (unused != null && unused.remove(connection) && unused.isEmpty()) {
      free.remove(address);
    }
  }

  /** Closes the connections that are so. */
  void closeIf(Predicate<C> condition) {
    List<C> those = new ArrayList<>();
    for (Set<C> there : open.values()) {
      for (C connection : there) {
        if (condition.test(connection)) {
          those.add(connection);
        }
      }
    }
    // Closing changes the sets.
    those.forEach(close);
  }
}
