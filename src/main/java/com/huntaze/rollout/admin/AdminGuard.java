package com.huntaze.rollout.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Keeps strangers off the admin port: a name that is not ours in {@code Host} is DNS rebinding, a
 * foreign {@code Origin} is another site's page, and where a token is configured it is asked for.
 *
 * <p>Probes and scrapers call a replica by its address, which nobody can list ahead. They are no
 * browsers: health tells nothing but itself, and a page has no token to read the metrics with.
 */
final class AdminGuard {
  private static final String BEARER = "Bearer ";

  /**
   * Values of {@code Sec-Fetch-Site} that browsers send from our own page, and for an address that
   * somebody has typed.
   */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private volatile List<String> allowedHosts;
  private volatile byte[] token;

  AdminGuard(AdminSettings settings) {
    configure(settings);
  }

  /** Lets others in from now on. */
  void configure(AdminSettings settings) {
    allowedHosts =
        settings.allowedHosts().stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    token = settings.token().getBytes(StandardCharsets.UTF_8);
  }

  /** Refuses what two readers could read differently, and what another site's page asks for. */
  void checkPage(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!request.uri().startsWith("/") || request.headers().getAll(HttpHeaders.HOST).size() > 1) {
      // Which of two names counts must not be a guess.
      Problem.send(context, 400, "Host: named more than once (expected: one, in Host alone)");
    } else if (!originAllowed(request)) {
      Problem.send(context, 403, "Origin: not one of admin.allowedHosts");
    } else if (!siteAllowed(request)) {
      Problem.send(context, 403, "Sec-Fetch-Site: another site's page (expected: this one's)");
    } else {
      context.next();
    }
  }

  void checkHost(RoutingContext context) {
    HostAndPort authority = context.request().authority();
    if (authority == null || !allowed(authority.host())) {
      Problem.send(context, 403, "Host: not one of admin.allowedHosts");
    } else {
      context.next();
    }
  }

  /** Lets a scraper in by its token, whatever it calls us; without one to ask for, by the name. */
  void checkScraper(RoutingContext context) {
    if (token.length == 0) {
      checkHost(context);
    } else {
      checkToken(context);
    }
  }

  void checkToken(RoutingContext context) {
    List<String> given = context.request().headers().getAll(HttpHeaders.AUTHORIZATION);
    if (token.length == 0 || given.size() == 1 && matches(given.get(0))) {
      context.next();
      return;
    }
    context.response().putHeader("WWW-Authenticate", "Bearer");
    Problem.send(context, 401, "Authorization: expected Bearer and the admin token");
  }

  private boolean matches(String authorization) {
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && MessageDigest.isEqual(
            authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8), token);
  }

  private boolean originAllowed(HttpServerRequest request) {
    return request.headers().getAll(HttpHeaders.ORIGIN).stream().allMatch(this::originAllowed);
  }

  /** A link on another site may lead to the dashboard; its scripts and forms may do nothing. */
  private static boolean siteAllowed(HttpServerRequest request) {
    List<String> sites = request.headers().getAll("Sec-Fetch-Site");
    boolean navigates =
        request.method() == HttpMethod.GET
            && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
    return navigates || OWN_SITES.containsAll(sites);
  }

  private boolean originAllowed(String origin) {
    try {
      return allowed(URI.create(origin).getHost());
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  private boolean allowed(String host) {
    return host != null && allowedHosts.contains(host.toLowerCase(Locale.ROOT));
  }
}
