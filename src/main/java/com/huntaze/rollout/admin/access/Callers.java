package com.huntaze.rollout.admin.access;

import com.huntaze.rollout.network.Networks;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds out who calls: by a token, or by what a trusted proxy says. Immutable. */
public final class Callers {
  private static final String BEARER = "Bearer ";
  private static final Pattern PERSON = Pattern.compile(IdentitySettings.PERSON);

  /** A token that is let in, known by its hash; {@code null} = it has no name. */
  private record Known(byte[] sha256, String name, Role role) {}

  private final List<Known> tokens = new ArrayList<>();
  private final IdentitySettings identity;
  private final Networks peers;

  /**
   * @param token the one without a name, or empty
   * @param named those with names
   * @param identity what is believed of a proxy before the port, or null
   */
  public Callers(String token, List<AdminTokenSettings> named, IdentitySettings identity) {
    if (!token.isEmpty()) {
      tokens.add(new Known(TokenHash.of(token), null, Role.ADMIN));
    }
    for (AdminTokenSettings each : named) {
      byte[] hash = HexFormat.of().parseHex(each.hash());
      tokens.add(new Known(hash, each.name(), each.role()));
    }
    this.identity = identity;
    this.peers = new Networks(identity == null ? List.of() : identity.peers());
  }

  /** True if nobody is asked who it is. */
  public boolean isOpen() {
    return tokens.isEmpty() && identity == null;
  }

  /** The caller of a request; empty = it is nobody who is let in. */
  public Optional<Caller> of(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    String address = peer == null ? "unknown" : peer.hostAddress();
    List<String> given = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (isOpen()) {
      return Optional.of(new Caller(null, Role.ADMIN, address));
    }
    if (given.isEmpty()) {
      return person(request, peer, address);
    }
    return given.size() == 1 ? token(given.get(0), address) : Optional.empty();
  }

  private Optional<Caller> token(String authorization, String address) {
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    byte[] hash = TokenHash.of(authorization.substring(BEARER.length()));
    Known found = null;
    // Each is compared, however soon one fits: the time tells nothing.
    for (Known each : tokens) {
      if (MessageDigest.isEqual(hash, each.sha256()) && found == null) {
        found = each;
      }
    }
    return found == null
        ? Optional.empty()
        : Optional.of(new Caller(found.name(), found.role(), address));
  }

  private Optional<Caller> person(HttpServerRequest request, SocketAddress peer, String address) {
    if (!peers.contains(peer)) {
      return Optional.empty();
    }
    List<String> names = request.headers().getAll(identity.header());
    if (names.size() != 1 || !PERSON.matcher(names.get(0)).matches()) {
      return Optional.empty();
    }
    String name = names.get(0);
    return Optional.of(
        new Caller(name, identity.roles().getOrDefault(name, identity.role()), address));
  }
}
