package com.huntaze.rollout.admin;

import com.huntaze.rollout.admin.access.Caller;
import com.huntaze.rollout.admin.access.Callers;
import com.huntaze.rollout.admin.access.Role;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps strangers off the admin port: a name that is not ours in {@code Host} is DNS rebinding, a
 * foreign {@code Origin} is another site's page, and where tokens are configured one is asked for.
 *
 * <p>Probes and scrapers call a replica by its address, which nobody can list ahead. They are no
 * browsers: health tells nothing but itself, and a page has no token to read the metrics with.
 */
final class AdminGuard {
  private static final Logger log = LoggerFactory.getLogger(AdminGuard.class);

  private static final String CALLER = AdminGuard.class.getName();
  private static final String ORDERS = "/api/v1/canary/";

  /** Changes that no audit has: the log says who asked for them. */
  private static final Set<String> TOLD =
      Set.of("/api/v1/config/reload", "/api/v1/simulate/foundry");

  /**
   * Values of {@code Sec-Fetch-Site} that browsers send from our own page, and for an address that
   * somebody has typed.
   */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private volatile List<String> allowedHosts;
  private volatile Callers callers;

  AdminGuard(AdminSettings settings) {
    configure(settings);
  }

  /** Lets others in from now on. */
  void configure(AdminSettings settings) {
    // Whoever calls the very address that is listened on has not been led astray by a name.
    allowedHosts =
        Stream.concat(settings.allowedHosts().stream(), Stream.of(settings.host()))
            .map(host -> host.toLowerCase(Locale.ROOT))
            .toList();
    callers = new Callers(settings.token(), settings.tokens(), settings.identity());
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
    if (callers.isOpen()) {
      checkHost(context);
    } else {
      checkCaller(context);
    }
  }

  /** Lets in whom the settings know, and to what their role is for. */
  void checkCaller(RoutingContext context) {
    Optional<Caller> found = callers.of(context.request());
    if (found.isEmpty()) {
      context.response().putHeader("WWW-Authenticate", "Bearer");
      Problem.send(context, 401, "Authorization: expected Bearer and the admin token");
      return;
    }
    Caller caller = found.get();
    Role needed = needed(context);
    if (!caller.role().covers(needed)) {
      Problem.send(
          context,
          403,
          "role: %s has the role %s (expected: %s, for %s %s)"
              .formatted(
                  caller.called(),
                  caller.role().label(),
                  needed == Role.ADMIN ? "admin" : "operator or admin",
                  context.request().method(),
                  context.normalizedPath()));
      return;
    }
    String path = withoutSlash(context.normalizedPath());
    if (TOLD.contains(path) && needed == Role.ADMIN) {
      log.info("{} by {} from {}", path, caller.called(), caller.address());
    }
    context.put(CALLER, caller);
    context.next();
  }

  /** The router takes a path with a slash at its end for the same. */
  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Whoever reads changes nothing; what is neither read nor an order is for few. */
  private static Role needed(RoutingContext context) {
    HttpMethod method = context.request().method();
    if (method == HttpMethod.GET || method == HttpMethod.HEAD) {
      return Role.VIEWER;
    }
    return context.normalizedPath().startsWith(ORDERS) ? Role.OPERATOR : Role.ADMIN;
  }

  /** The actor of a request that was let in, for audit and alerts. */
  static String actor(RoutingContext context) {
    return caller(context).actor();
  }

  /** Whoever has asked, and was let in. */
  static Caller caller(RoutingContext context) {
    return context.get(CALLER);
  }

  /** True if whoever asks would have to show a token to read anything. */
  boolean asksFor(HttpServerRequest request) {
    return callers.of(request).isEmpty();
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
