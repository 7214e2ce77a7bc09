package com.huntaze.rollout.http;

import com.huntaze.rollout.network.Networks;
import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.stream.Stream;

/** The networks whose {@code X-Forwarded-*} fields are believed: load balancers of our own. */
public final class TrustedPeers {
  private final Networks networks;

  /**
   * @param networks addresses or CIDR networks, IPv4 or IPv6
   */
  public TrustedPeers(List<String> networks) {
    this.networks = new Networks(networks);
  }

  /** Tells whether nobody is trusted, so that who stands behind a peer need not be asked. */
  boolean isEmpty() {
    return networks.isEmpty();
  }

  boolean contains(SocketAddress peer) {
    return networks.contains(peer);
  }

  /**
   * The address of the client that a request comes from: its peer's, or where trusted peers have
   * passed it on the last one in {@code X-Forwarded-For} that is not a trusted peer's. What stands
   * left of that anybody may have written.
   *
   * @param forwarded the values of {@code X-Forwarded-For}
   * @return {@code null} if the peer has none
   */
  String client(SocketAddress peer, List<String> forwarded) {
    if (peer == null || !contains(peer)) {
      return peer == null ? null : peer.hostAddress();
    }
    String client = peer.hostAddress();
    List<String> hops = hops(forwarded);
    for (int i = hops.size() - 1; i >= 0; i--) {
      String hop = hops.get(i);
      if (!NetUtil.isValidIpV4Address(hop) && !NetUtil.isValidIpV6Address(hop)) {
        return client;
      }
      client = hop;
      if (!contains(SocketAddress.inetSocketAddress(0, hop))) {
        return client;
      }
    }
    return client;
  }

  private static List<String> hops(List<String> fields) {
    return fields.stream()
        .flatMap(field -> Stream.of(field.split(",")))
        .map(String::strip)
        .toList();
  }
}
