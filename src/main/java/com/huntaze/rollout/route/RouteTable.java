package com.huntaze.rollout.route;

import com.huntaze.rollout.outcome.Dialect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The policies of methods and paths. Routes of the configuration come before the built-in ones, a
 * path before a pattern, of two patterns the one with more characters before its first star.
 *
 * <p>Built in are the router's own paths and, behind any prefix, those of each {@link Dialect}:
 * Azure's deployments, Foundry's projects and a gateway's base path are prefixes.
 *
 * <p>Decision 101 in {@code docs/decisions.md}.
 */
public final class RouteTable {
  private static final List<String> BUILT_IN =
      List.of(
          "POST /route",
          "POST /route/stream",
          "POST /multimodal/analyze",
          "POST /v1/chat/completions",
          "POST /v1/completions",
          "POST /v1/responses",
          "POST /v1/embeddings",
          "POST /v1/agents/*");

  /** They ask a model for nothing but a count. */
  private static final List<String> COUNTS =
      List.of("/messages/count_tokens", "/responses/input_tokens", ":countTokens");

  private static final Route COUNT = new Route("POST count of tokens", Replay.SAFE, false);

  private final Table configured = new Table();
  private final Table builtIn = new Table();
  private final Map<String, Route> dialects = new HashMap<>();

  /** Routes by their paths and patterns. */
  private static final class Table {
    private final Map<String, Map<String, Route>> exact = new HashMap<>();
    private final List<Entry> patterns = new ArrayList<>();

    private record Entry(String method, PathPattern pattern, Route route) {
      boolean matches(String wanted, List<String> path) {
        return (method.equals("*") || method.equals(wanted)) && pattern.matches(path);
      }
    }

    void add(Route route) {
      String match = route.label();
      int space = match.indexOf(' ');
      String method = match.substring(0, space);
      String path = match.substring(space + 1);
      if (path.indexOf('*') < 0) {
        exact
            .computeIfAbsent(PlainPath.of(path), any -> new HashMap<>())
            .putIfAbsent(method, route);
        return;
      }
      patterns.add(new Entry(method, PathPattern.of(path), route));
      // Stable: of two that are as near the one that was written first stays first.
      patterns.sort(
          Comparator.comparingInt((Entry entry) -> -entry.pattern().literal())
              .thenComparing(entry -> entry.pattern().isOpen()));
    }

    Route find(String method, String plain) {
      Map<String, Route> methods = exact.get(plain);
      Route found = methods == null ? null : methods.getOrDefault(method, methods.get("*"));
      return found == null && !patterns.isEmpty() ? findPattern(method, plain) : found;
    }

    private Route findPattern(String method, String plain) {
      List<String> segments = PlainPath.segments(plain);
      for (Entry entry : patterns) {
        if (entry.matches(method, segments)) {
          return entry.route();
        }
      }
      return null;
    }
  }

  public RouteTable(List<RouteSettings> routes) {
    routes.forEach(
        route -> configured.add(new Route(route.match(), route.replay(), route.judged())));
    BUILT_IN.forEach(match -> builtIn.add(new Route(match, Replay.SAFE, true)));
    builtIn.add(Route.HEALTH);
    for (Dialect dialect : Dialect.values()) {
      dialect
          .endings()
          .forEach(
              ending -> dialects.put(ending, new Route("POST **" + ending, Replay.SAFE, true)));
    }
  }

  private Route ofDialect(String plain) {
    return dialects.get(Dialect.inference(plain));
  }

  /**
   * The policy of a request.
   *
   * @param path as it was asked for, without a query; {@code null} = it has none
   */
  public Route find(String method, String path) {
    if (path == null) {
      return Route.unlisted(method);
    }
    String plain = PlainPath.of(path);
    Route route = configured.find(method, plain);
    if (route == null) {
      route = builtIn.find(method, plain);
    }
    if (route == null && method.equals("POST")) {
      route = COUNTS.stream().anyMatch(plain::endsWith) ? COUNT : ofDialect(plain);
    }
    return route == null ? Route.unlisted(method) : route;
  }
}
