package com.huntaze.rollout.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cross-origin requests of browsers (the Fetch standard, "CORS protocol"), by {@link CorsSettings}.
 * A provider's own word on them passes; credentials that browsers keep are allowed to nobody.
 */
public final class Cors {
  private static final String ANY = "*";
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
  private static final String VARY_OF_PREFLIGHTS =
      "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
  private static final String MAX_AGE_SECONDS = "600";

  /** A header's name in a list; whoever asks for more, or for something else, is allowed none. */
  private static final Pattern NAMES = Pattern.compile("[\\w!#$%&'*+.^`|~, -]{1,1024}");

  private static final String READABLE =
      "X-Correlation-ID, x-request-id, request-id, Retry-After, retry-after-ms, x-should-retry,"
          + " RateLimit, RateLimit-Policy, X-AI-Provider, X-AI-Reason, X-AI-Fallback,"
          + " X-AI-Attempts, X-AI-Model, X-AI-Deployment, X-AI-Region, X-AI-Cost-USD";

  private Cors() {}

  /** Tells whether a request is the question of an allowed page, which is answered here. */
  public static boolean answers(CorsSettings settings, HttpServerRequest request) {
    return request.method() == HttpMethod.OPTIONS
        && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
        && allowed(settings, request.headers()) != null
        && StrictHttp.problem(request) == null;
  }

  /** Answers a preflight, which no provider sees. */
  public static void answer(CorsSettings settings, HttpServerRequest request) {
    MultiMap to = request.response().headers();
    to.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, allowed(settings, request.headers()));
    to.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    String names = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    if (names != null && NAMES.matcher(names).matches()) {
      to.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
    to.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
    to.set(HttpHeaders.VARY, VARY_OF_PREFLIGHTS);
    to.set(HttpHeaders.DATE, HttpDate.now());
    CorrelationId.tell(to, CorrelationId.of(request.headers()));
    request.response().setStatusCode(204).end();
  }

  /** Allows a page to read an answer, unless that speaks for itself. */
  static void allow(CorsSettings settings, MultiMap asked, MultiMap to) {
    if (settings.origins().isEmpty() || to.contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN)) {
      return;
    }
    String origin = allowed(settings, asked);
    if (!settings.origins().contains(ANY)) {
      // Also where there is none: a cache must not hand this answer to a page that is allowed.
      to.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    }
    if (origin != null) {
      to.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      to.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, READABLE);
    }
  }

  /** The origin to be named to a page; {@code null} = it is not allowed, or there is no page. */
  private static String allowed(CorsSettings settings, MultiMap asked) {
    String origin = asked.get(HttpHeaders.ORIGIN);
    if (origin == null) {
      return null;
    }
    List<String> origins = settings.origins();
    if (origins.contains(ANY)) {
      return ANY;
    }
    boolean one = asked.getAll(HttpHeaders.ORIGIN).size() == 1;
    return one && origins.contains(origin) ? origin : null;
  }
}
