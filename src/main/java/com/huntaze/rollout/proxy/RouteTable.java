package com.huntaze.rollout.proxy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the proxy knows about a method and path: whether its requests are judged and whether they
 * may be sent twice. Routes of the configuration match before the built-in ones; of two prefixes
 * the longer wins.
 */
final class RouteTable {
  private static final List<String> BUILT_IN =
      List.of(
          "POST /route",
          "POST /route/stream",
          "POST /multimodal/analyze",
          "POST /v1/chat/completions",
          "POST /v1/responses",
          "POST /v1/embeddings",
          "POST /v1/agents/*");

  private static final Route HEALTH = new Route("GET /health", Replay.SAFE, false);

  private final Map<String, Map<String, Route>> exact = new HashMap<>();
  private final PrefixRoutes prefixes = new PrefixRoutes();

  /**
   * A route's policy.
   *
   * @param label its name in metrics and logs, never taken from the request
   * @param replay whether its requests may be sent again
   * @param judged whether its outcomes count for the canary
   */
  record Route(String label, Replay replay, boolean judged) {
    private static final Route SAFE = new Route("other", Replay.SAFE, false);
    private static final Route UNSENT = new Route("other", Replay.UNSENT, false);

    /** What holds for a path that nobody listed. */
    static Route unlisted(String method) {
      return switch (method) {
        case "GET", "HEAD", "OPTIONS" -> SAFE;
        default -> UNSENT;
      };
    }

    boolean health() {
      return this == HEALTH;
    }
  }

  RouteTable(List<RouteSettings> configured) {
    configured.forEach(
        route -> add(route.match(), new Route(route.match(), route.replay(), route.judged())));
    BUILT_IN.forEach(match -> add(match, new Route(match, Replay.SAFE, true)));
    add(HEALTH.label(), HEALTH);
  }

  private void add(String match, Route route) {
    int space = match.indexOf(' ');
    String method = match.substring(0, space);
    String path = match.substring(space + 1);
    if (path.endsWith("*")) {
      prefixes.add(method, path.substring(0, path.length() - 1), route);
    } else {
      exact.computeIfAbsent(path, any -> new HashMap<>()).putIfAbsent(method, route);
    }
  }

  /** The policy of a request. */
  Route find(String method, String path) {
    Map<String, Route> methods = exact.get(path);
    if (methods != null) {
      Route route = methods.get(method);
      Route found = route == null ? methods.get("*") : route;
      if (found != null) {
        return found;
      }
    }
    Route prefixed = prefixes.find(method, path);
    return prefixed == null ? Route.unlisted(method) : prefixed;
  }
}
