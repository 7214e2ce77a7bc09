package com.huntaze.rollout.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * The request target: origin form, {@code *} of {@code OPTIONS}, or absolute form that names the
 * very host of {@code Host} (RFC 9112 §3.2.2). The upstream is chosen by configuration, never by
 * the target.
 */
public final class TargetRules {
  /** A path that changes with each of so many decodings is meant for no provider. */
  private static final int MAX_DECODINGS = 8;

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
      return pathProblem(target);
    }
    int path = pathStart(target);
    if (path < 0) {
      return "target: neither a path nor a URL (expected: a path that begins with /)";
    }
    String authority = target.substring(target.indexOf("//") + 2, path);
    int defaultPort = target.regionMatches(true, 0, "https:", 0, 6) ? 443 : 80;
    return HostRules.same(authority, request.getHeader(HttpHeaders.HOST), defaultPort)
        ? pathProblem(target.substring(path))
        : "target: a URL of another host than Host (expected: the same)";
  }

  /**
   * Returns the fault by which a path could lead out of the provider's base path, or be read in two
   * ways: segments of one or two dots and backslashes, plain or percent-encoded as often as
   * somebody might decode them, and NUL. Nothing is normalised: two readers would do it
   * differently.
   */
  private static String pathProblem(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    for (int i = 0; i < MAX_DECODINGS; i++) {
      String problem = segmentProblem(path);
      String decoded = problem == null ? decoded(path) : path;
      if (problem != null || decoded.equals(path)) {
        return problem;
      }
      path = decoded;
    }
    return "path: percent-encoded over and over (expected: once)";
  }

  private static String segmentProblem(String path) {
    if (path.indexOf('\\') >= 0 || path.indexOf('\0') >= 0) {
      return "path: has a backslash or NUL (expected: neither, encoded or not)";
    }
    int from = 0;
    while (from <= path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      if (isDots(path, from, to)) {
        return "path: has a segment . or .. (expected: none, encoded or not)";
      }
      from = to + 1;
    }
    return null;
  }

  /** Some servers take what follows on a semicolon for a parameter, and leave it out. */
  private static boolean isDots(String path, int from, int to) {
    int at = from;
    while (at < to && path.charAt(at) == '.') {
      at++;
    }
    int dots = at - from;
    return (dots == 1 || dots == 2) && (at == to || path.charAt(at) == ';');
  }

  /** With the ASCII characters that are percent-encoded in their place; the rest as it is. */
  private static String decoded(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    StringBuilder decoded = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      int code = path.charAt(i) == '%' ? code(path, i + 1) : -1;
      decoded.append(code < 0 ? path.charAt(i) : (char) code);
      i += code < 0 ? 0 : 2;
    }
    return decoded.toString();
  }

  private static int code(String path, int at) {
    if (at + 2 > path.length()) {
      return -1;
    }
    int high = Character.digit(path.charAt(at), 16);
    int low = Character.digit(path.charAt(at + 1), 16);
    int code = high * 16 + low;
    return high < 0 || low < 0 || code > 127 ? -1 : code;
  }

  /** The target as it goes to a provider: origin form. */
  public static String originForm(HttpServerRequest request) {
    String target = request.uri();
    if (target.startsWith("/")) {
      return target;
    }
    String rest = target.substring(pathStart(target));
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  /**
   * Returns the beginning of an absolute target's path; its length when it has none; -1 if not
   * absolute.
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
