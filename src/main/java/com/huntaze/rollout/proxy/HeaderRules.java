package com.huntaze.rollout.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which headers pass, in both directions.
 *
 * <p>Hop-by-hop fields and those that {@code Connection} lists go first (RFC 9110 §7.6.1), so that
 * they can never take away a field that is set afterwards. Fields that speak in the proxy's own
 * name ({@code X-AI-*}, {@code X-Forwarded-*}, and their twins written with underscores, which some
 * backends read as the same) are not taken from anybody.
 */
final class HeaderRules {
  private static final Set<String> HOP_BY_HOP =
      names(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /** Set anew for the upstream, or meant for us alone. */
  private static final Set<String> NOT_FROM_CLIENT =
      names(
          "host",
          "content-length",
          "expect",
          "trailer",
          "forwarded",
          "x-real-ip",
          "via",
          "x-client-tier",
          "x-correlation-id",
          "azureml-model-deployment");

  /** The three places where a client's key can stand. */
  private static final Set<String> CREDENTIALS = names("authorization", "x-api-key", "api-key");

  /** What we read of clients and pass on. */
  private static final Set<String> OURS = names("x-user-id", "x-request-id");

  private static final Set<String> NOT_FROM_UPSTREAM = names("x-correlation-id");

  /**
   * What must be known before the body is, or changes what a client does with it: cookies,
   * authentication, the content's format, caching and redirection (RFC 9110 §6.5.1).
   */
  private static final Set<String> NOT_IN_TRAILERS =
      names(
          "age",
          "authorization",
          "cache-control",
          "content-encoding",
          "content-range",
          "content-type",
          "date",
          "expires",
          "location",
          "retry-after",
          "set-cookie",
          "vary",
          "www-authenticate");

  private HeaderRules() {}

  private static Set<String> names(String... names) {
    Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    all.addAll(List.of(names));
    return all;
  }

  /**
   * Copies the end-to-end fields of a client's request.
   *
   * @param credentials whether the client's own credentials pass
   */
  static void copyRequest(MultiMap from, MultiMap to, boolean credentials) {
    Set<String> listed = connectionListed(from);
    for (Map.Entry<String, String> field : from) {
      String name = field.getKey();
      boolean passes =
          !HOP_BY_HOP.contains(name)
              && !NOT_FROM_CLIENT.contains(name)
              && !listed.contains(name)
              && !isReserved(name)
              && (credentials || !CREDENTIALS.contains(name));
      if (passes) {
        to.add(name, field.getValue());
      }
    }
  }

  /** Copies the end-to-end fields of an upstream's answer, its {@code Content-Length} included. */
  static void copyResponse(MultiMap from, MultiMap to) {
    Set<String> listed = connectionListed(from);
    for (Map.Entry<String, String> field : from) {
      String name = field.getKey();
      boolean passes =
          !HOP_BY_HOP.contains(name)
              && !NOT_FROM_UPSTREAM.contains(name)
              && !listed.contains(name)
              && !startsWith(name, "x-ai-");
      if (passes) {
        to.add(name, field.getValue());
      }
    }
  }

  /** Copies an answer's trailers: what may not stand in a trailer stays behind. */
  static void copyTrailers(MultiMap from, MultiMap to) {
    for (Map.Entry<String, String> field : from) {
      String name = field.getKey();
      if (!HOP_BY_HOP.contains(name)
          && !NOT_IN_TRAILERS.contains(name)
          && !NOT_FROM_CLIENT.contains(name)
          && !NOT_FROM_UPSTREAM.contains(name)
          && !startsWith(name, "x-ai-")) {
        to.add(name, field.getValue());
      }
    }
  }

  /** Whether a field means something to us, so that nothing may be mistaken for it. */
  static boolean isProtected(String name) {
    return HOP_BY_HOP.contains(name)
        || NOT_FROM_CLIENT.contains(name)
        || CREDENTIALS.contains(name)
        || OURS.contains(name);
  }

  /** Whether a field is one of the three credentials. */
  static boolean isCredential(String name) {
    return CREDENTIALS.contains(name);
  }

  private static boolean isReserved(String name) {
    return startsWith(name, "x-ai-") || startsWith(name, "x-forwarded-");
  }

  /** Compares without regard to case, and takes an underscore for a hyphen. */
  private static boolean startsWith(String name, String prefix) {
    if (name.length() < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      char c = name.charAt(i);
      char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == '_' ? '-' : c;
      if (lower != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static Set<String> connectionListed(MultiMap headers) {
    if (!headers.contains(HttpHeaders.CONNECTION)) {
      return Set.of();
    }
    Set<String> listed = names();
    for (String value : headers.getAll(HttpHeaders.CONNECTION)) {
      for (String token : value.split(",")) {
        listed.add(token.strip());
      }
    }
    return listed;
  }
}
