package com.huntaze.rollout.proxy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The routes that end with a star, the longest prefix first. */
final class PrefixRoutes {
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(String method, String prefix, RouteTable.Route route) {
    boolean matches(String wanted, String path) {
      return (method.equals("*") || method.equals(wanted)) && path.startsWith(prefix);
    }
  }

  void add(String method, String prefix, RouteTable.Route route) {
    entries.add(new Entry(method, prefix, route));
    // Stable: of two equal prefixes the one that came first, the configured one, stays first.
    entries.sort(Comparator.comparingInt((Entry entry) -> entry.prefix().length()).reversed());
  }

  /** The route, or {@code null} if no prefix matches. */
  RouteTable.Route find(String method, String path) {
    for (Entry entry : entries) {
      if (entry.matches(method, path)) {
        return entry.route();
      }
    }
    return null;
  }
}
