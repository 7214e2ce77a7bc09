package com.huntaze.rollout.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Predicate;

/**
 * {@code GET /}: the dashboard and its files. They hold nothing of the rollout, and need no token:
 * the page asks for it, and everything that it shows comes through the guarded API. {@code GET
 * /dashboard.json} tells it whether it has to ask.
 */
final class DashboardResource {
  /** Nothing but our own files, and no script or style in the page itself. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private final WebFiles files;
  private final JsonObject facts;
  private final Predicate<HttpServerRequest> tokenRequired;

  /**
   * @param tokenRequired whether the API wants a token of whoever asks
   * @param simulated whether the providers are simulated, and may be broken
   */
  DashboardResource(
      WebFiles files,
      String version,
      Predicate<HttpServerRequest> tokenRequired,
      boolean simulated) {
    this.files = files;
    this.tokenRequired = tokenRequired;
    this.facts = new JsonObject().put("version", version).put("simulated", simulated);
  }

  void mount(Router router) {
    Methods.get(router, "/dashboard.json", this::facts);
    files
        .byPath()
        .forEach((path, file) -> Methods.get(router, path, context -> send(context, file)));
  }

  private void facts(RoutingContext context) {
    protect(context.response());
    JsonAnswer.send(
        context, facts.copy().put("tokenRequired", tokenRequired.test(context.request())));
  }

  private static void send(RoutingContext context, WebFile file) {
    HttpServerResponse response = context.response();
    protect(response);
    response
        // Asked again each time, and answered with 304: a new version is never half an old one.
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader(HttpHeaders.ETAG, file.tag())
        .putHeader(HttpHeaders.VARY, "Accept-Encoding");
    if (matches(context.request().getHeader(HttpHeaders.IF_NONE_MATCH), file.tag())) {
      response.setStatusCode(304).end();
      return;
    }
    file.send(context);
  }

  /** Weak tags too: a proxy in between may have made them so. */
  private static boolean matches(String known, String tag) {
    return known != null && known.contains(tag);
  }

  private static void protect(HttpServerResponse response) {
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  }
}
