package com.huntaze.rollout.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * The rules by which headers pass, in both directions.
 *
 * <p>Hop-by-hop fields and those that {@code Connection} lists go first (RFC 9110 §7.6.1), so that
 * they can never take away a field that is set afterwards. Fields that speak in the proxy's own
 * name ({@code X-AI-*}, {@code X-Forwarded-*}, and their twins written with underscores, which some
 * backends read as the same) are not taken from anybody.
 */
public final class HeaderRules {
  private static final int HOP_BY_HOP = 1;

  /** Set anew for the upstream, or meant for us alone. */
  private static final int NOT_FROM_CLIENT = 1 << 1;

  /** The three places where a client's key can stand. */
  private static final int CREDENTIAL = 1 << 2;

  /** Fields that we read of clients and pass on. */
  private static final int OURS = 1 << 3;

  private static final int NOT_FROM_UPSTREAM = 1 << 4;

  /**
   * Fields that must be known before the body is, or change what a client does with it: cookies,
   * authentication, the content's format, caching and redirection (RFC 9110 §6.5.1).
   */
  private static final int NOT_IN_TRAILERS = 1 << 5;

  private static final FieldTable FIELDS =
      new FieldTable()
          .add(
              HOP_BY_HOP,
              List.of(
                  "connection",
                  "keep-alive",
                  "proxy-connection",
                  "proxy-authenticate",
                  "proxy-authorization",
                  "te",
                  "transfer-encoding",
                  "upgrade",
                  "http2-settings"))
          .add(
              NOT_FROM_CLIENT,
              List.of(
                  "host",
                  "content-length",
                  "expect",
                  "trailer",
                  "forwarded",
                  "x-real-ip",
                  "via",
                  "x-client-tier",
                  "x-correlation-id",
                  "azureml-model-deployment"))
          .add(CREDENTIAL, List.of("authorization", "x-api-key", "api-key"))
          .add(OURS, List.of("x-user-id", "x-request-id"))
          .add(NOT_FROM_UPSTREAM, List.of("x-correlation-id"))
          .add(
              NOT_IN_TRAILERS,
              List.of(
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
                  "www-authenticate"));

  private HeaderRules() {}

  /**
   * Copies the end-to-end fields of a client's request.
   *
   * @param withheld what of them the provider must not get, by name and value, see {@code
   *     Credentials#withheld}
   */
  public static void copyRequest(MultiMap from, MultiMap to, BiPredicate<String, String> withheld) {
    Set<String> listed = connectionListed(from);
    int stays = HOP_BY_HOP | NOT_FROM_CLIENT;
    from.forEach(
        (name, value) -> {
          if (!isAny(name, stays)
              && !listed.contains(name)
              && !isReserved(name)
              && !withheld.test(name, value)) {
            to.add(name, value);
          }
        });
  }

  /** Copies the end-to-end fields of an upstream's answer, its {@code Content-Length} included. */
  public static void copyResponse(MultiMap from, MultiMap to) {
    Set<String> listed = connectionListed(from);
    int stays = HOP_BY_HOP | NOT_FROM_UPSTREAM;
    from.forEach(
        (name, value) -> {
          if (!isAny(name, stays) && !listed.contains(name) && !startsWith(name, "x-ai-")) {
            to.add(name, value);
          }
        });
  }

  /** Copies an answer's trailers: what may not stand in a trailer stays behind. */
  public static void copyTrailers(MultiMap from, MultiMap to) {
    int stays = HOP_BY_HOP | NOT_IN_TRAILERS | NOT_FROM_CLIENT | NOT_FROM_UPSTREAM;
    from.forEach(
        (name, value) -> {
          if (!isAny(name, stays) && !startsWith(name, "x-ai-")) {
            to.add(name, value);
          }
        });
  }

  private static boolean isAny(String name, int bits) {
    return (FIELDS.bits(name) & bits) != 0;
  }

  /** Returns whether a field means something to us, so that nothing may be mistaken for it. */
  static boolean isProtected(String name) {
    return isAny(name, HOP_BY_HOP | NOT_FROM_CLIENT | CREDENTIAL | OURS);
  }

  /** Returns whether a field is one of the three credentials. */
  public static boolean isCredential(String name) {
    return isAny(name, CREDENTIAL);
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
    List<String> values = headers.getAll(HttpHeaders.CONNECTION);
    if (values.size() == 1 && values.get(0).equalsIgnoreCase("keep-alive")) {
      // The usual one, and a name that goes anyway.
      return Set.of();
    }
    Set<String> listed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String value : values) {
      for (String token : value.split(",")) {
        listed.add(token.strip());
      }
    }
    // Nobody can take the message's own length away (RFC 9110 §7.6.1).
    listed.remove("content-length");
    return listed;
  }
}
