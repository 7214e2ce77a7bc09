package com.huntaze.rollout.upstream;

import io.vertx.core.net.HostAndPort;

/**
 * The authority of a connection, with its text: Vert.x asks for it twice for each request, and its
 * own makes it anew each time.
 */
final class KnownAuthority implements HostAndPort {
  private final String host;
  private final int port;
  private final String text;
  private final String plain;
  private final String secure;

  KnownAuthority(HostAndPort authority) {
    host = authority.host();
    port = authority.port();
    text = authority.toString();
    plain = authority.toString(false);
    secure = authority.toString(true);
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String toString(boolean ssl) {
    return ssl ? secure : plain;
  }

  @Override
  public String toString() {
    return text;
  }
}
