package com.huntaze.rollout.proxy;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * The request target: origin form, {@code *} of {@code OPTIONS}, or absolute form that names the
 * very host of {@code Host} (RFC 9112 §3.2.2). The upstream is chosen by configuration, never by
 * the target.
 */
final class TargetRules {
  private TargetRules() {}

  static String problem(HttpServerRequest request) {
    String target = request.uri();
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 127 || c == '#') {
        return "target: has a character that a URI cannot have (expected: it percent-encoded)";
      }
    }
    boolean ofTheServer =
        request.method() == HttpMethod.OPTIONS && OwnOptions.ASTERISK.equals(target);
    if (target.startsWith("/") || ofTheServer) {
      return null;
    }
    int path = pathStart(target);
    if (path < 0) {
      return "target: neither a path nor a URL (expected: a path that begins with /)";
    }
    String authority = target.substring(target.indexOf("//") + 2, path);
    return authority.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST))
        ? null
        : "target: a URL of another host than Host (expected: the same)";
  }

  /** The target as it goes to a provider: origin form. */
  static String originForm(HttpServerRequest request) {
    String target = request.uri();
    if (target.startsWith("/")) {
      return target;
    }
    String rest = target.substring(pathStart(target));
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  /**
   * Where the path of an absolute target begins; its length when it has none; -1 if not absolute.
   */
  private static int pathStart(String target) {
    boolean absolute =
        target.regionMatches(true, 0, "http://", 0, 7)
            || target.regionMatches(true, 0, "https://", 0, 8);
    if (!absolute) {
      return -1;
    }
    int from = target.indexOf("//") + 2;
    for (int i = from; i < target.length(); i++) {
      if (target.charAt(i) == '/' || target.charAt(i) == '?') {
        return i;
      }
    }
    return target.length();
  }
}
