package com.huntaze.rollout.network;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Networks to which a peer belongs or not, such as those of proxies that are believed. */
public final class Networks {
  private final List<IpSubnetFilterRule> all;

  /**
   * @param networks addresses or CIDR networks, IPv4 or IPv6
   */
  public Networks(List<String> networks) {
    all = networks.stream().map(Networks::rule).toList();
  }

  private static IpSubnetFilterRule rule(String network) {
    int slash = network.indexOf('/');
    String address = slash < 0 ? network : network.substring(0, slash);
    int bits = address.indexOf(':') < 0 ? 32 : 128;
    int prefix = slash < 0 ? bits : Integer.parseInt(network.substring(slash + 1));
    return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
  }

  /** Tells whether there is none. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** Tells whether a peer belongs to one of them; one without an address does not. */
  public boolean contains(SocketAddress peer) {
    if (all.isEmpty() || peer == null || peer.hostAddress() == null) {
      return false;
    }
    return contains(literal(peer));
  }

  /** Tells whether an address belongs to one of them. */
  public boolean contains(InetAddress address) {
    return contains(new InetSocketAddress(address, 0));
  }

  private boolean contains(InetSocketAddress address) {
    return all.stream().anyMatch(network -> network.matches(address));
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
