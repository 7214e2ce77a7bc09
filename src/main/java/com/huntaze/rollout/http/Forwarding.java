package com.huntaze.rollout.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Writes the fields that tell an upstream who asked, and through whom. */
public final class Forwarding {
  private static final String PSEUDONYM = "rollout-proxy";

  private final TrustedPeers trusted;

  public Forwarding(TrustedPeers trusted) {
    this.trusted = trusted;
  }

  /**
   * Sets {@code X-Forwarded-*} and {@code Via} (RFC 9110 §7.6.3) on an upstream request. What a
   * trusted peer sent is continued; what anybody else sent has been dropped.
   */
  public void apply(HttpServerRequest request, MultiMap to) {
    MultiMap from = request.headers();
    UpgradeNotice.of(from.get(HttpHeaders.UPGRADE));
    boolean believe = trusted.contains(request.remoteAddress());
    String peer = PeerAddress.of(request);
    to.set(
        HeaderNames.FORWARDED_FOR,
        joined(believe ? from.get(HeaderNames.FORWARDED_FOR) : null, peer));
    to.set(
        HeaderNames.FORWARDED_PROTO,
        or(believe ? from.get(HeaderNames.FORWARDED_PROTO) : null, request.scheme()));
    String host = or(believe ? from.get(HeaderNames.FORWARDED_HOST) : null, host(request));
    if (host != null) {
      to.set(HeaderNames.FORWARDED_HOST, host);
    }
    to.set(HeaderNames.VIA, joined(from.get(HeaderNames.VIA), pseudonym(request)));
  }

  /** The IP address of a request's client, see {@link TrustedPeers#client}. */
  public String client(HttpServerRequest request) {
    return trusted.isEmpty()
        ? PeerAddress.of(request)
        : trusted.client(
            request.remoteAddress(), request.headers().getAll(HeaderNames.FORWARDED_FOR));
  }

  /** HTTP/2 has it in {@code :authority} (RFC 9113 §8.3.1). */
  private static String host(HttpServerRequest request) {
    String field = request.getHeader(HttpHeaders.HOST);
    return field == null && request.authority() != null ? request.authority().toString() : field;
  }

  /** The version in which the request came, and our name. */
  private static String pseudonym(HttpServerRequest request) {
    return switch (request.version()) {
      case HTTP_2 -> "2 " + PSEUDONYM;
      case HTTP_1_0 -> "1.0 " + PSEUDONYM;
      default -> "1.1 " + PSEUDONYM;
    };
  }

  private static String joined(String before, String own) {
    return before == null ? own : before + ", " + own;
  }

  private static String or(String value, String whenAbsent) {
    return value == null ? whenAbsent : value;
  }
}
