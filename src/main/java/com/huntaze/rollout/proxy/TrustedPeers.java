package com.huntaze.rollout.proxy;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The networks whose {@code X-Forwarded-*} fields are believed: load balancers of our own. */
final class TrustedPeers {
  private final List<IpSubnetFilterRule> networks;

  /**
   * @param networks addresses or CIDR networks, IPv4 or IPv6
   */
  TrustedPeers(List<String> networks) {
    this.networks = networks.stream().map(TrustedPeers::rule).toList();
  }

  private static IpSubnetFilterRule rule(String network) {
    int slash = network.indexOf('/');
    String address = slash < 0 ? network : network.substring(0, slash);
    int all = address.indexOf(':') < 0 ? 32 : 128;
    int prefix = slash < 0 ? all : Integer.parseInt(network.substring(slash + 1));
    return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
  }

  boolean contains(SocketAddress peer) {
    if (networks.isEmpty() || peer == null || peer.hostAddress() == null) {
      return false;
    }
    InetSocketAddress address = literal(peer);
    return networks.stream().anyMatch(network -> network.matches(address));
  }

  private static InetSocketAddress literal(SocketAddress peer) {
    try {
      // A literal address: nothing is looked up.
      return new InetSocketAddress(InetAddress.getByName(peer.hostAddress()), peer.port());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
