package com.huntaze.rollout.http;

import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The IP address of a connection's peer as text. It is kept with the connection: three readers of
 * each request want it, and the JDK writes it anew for each of them.
 */
final class PeerAddress {
  private static final AttributeKey<String> TEXT = AttributeKey.valueOf(PeerAddress.class, "text");

  private PeerAddress() {}

  /** The address that a request comes from; {@code null} = its connection has none. */
  static String of(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    if (peer == null) {
      return null;
    }
    if (!(request.connection() instanceof ConnectionBase base)) {
      return peer.hostAddress();
    }
    Attribute<String> kept = base.channel().attr(TEXT);
    String text = kept.get();
    if (text == null) {
      text = peer.hostAddress();
      kept.set(text);
    }
    return text;
  }
}
