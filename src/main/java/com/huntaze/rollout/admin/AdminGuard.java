package com.huntaze.rollout.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;

/**
 * Keeps strangers off the admin port: a name that is not ours in {@code Host} is DNS rebinding, a
 * foreign {@code Origin} is another site's page, and where a token is configured it is asked for.
 */
final class AdminGuard {
  private static final String BEARER = "Bearer ";

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

  void checkHost(RoutingContext context) {
    HostAndPort authority = context.request().authority();
    if (authority == null || !allowed(authority.host())) {
      Problem.send(context, 403, "Host: not one of admin.allowedHosts");
    } else if (!originAllowed(context.request())) {
      Problem.send(context, 403, "Origin: not one of admin.allowedHosts");
    } else {
      context.next();
    }
  }

  void checkToken(RoutingContext context) {
    if (token.length == 0 || matches(context.request().getHeader(HttpHeaders.AUTHORIZATION))) {
      context.next();
      return;
    }
    context.response().putHeader("WWW-Authenticate", "Bearer");
    Problem.send(context, 401, "Authorization: expected Bearer and the admin token");
  }

  private boolean matches(String authorization) {
    return authorization != null
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && MessageDigest.isEqual(
            authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8), token);
  }

  private boolean originAllowed(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return true;
    }
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
