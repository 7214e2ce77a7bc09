package com.huntaze.rollout.cluster;

import com.huntaze.rollout.network.Networks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The address by which the other members reach this one. Where nobody can name it beforehand, as in
 * a task of Fargate, the network is named in which it is the machine's only one.
 */
public final class OwnAddress {
  private OwnAddress() {}

  /**
   * The address that {@code bind} means. Blocks.
   *
   * @param bind a host name, an address or a network
   * @throws IOException if it means none or several
   */
  public static InetAddress of(String bind) throws IOException {
    if (bind.indexOf('/') < 0) {
      return InetAddress.getByName(bind);
    }
    return in(
        bind,
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList());
  }

  /**
   * The one of some addresses that lies in a network.
   *
   * @throws IOException if there is none, or more than one
   */
  static InetAddress in(String network, List<InetAddress> all) throws IOException {
    Networks networks = new Networks(List.of(network));
    List<InetAddress> inside = all.stream().filter(networks::contains).toList();
    if (inside.size() == 1) {
      return inside.get(0);
    }
    throw new IOException(
        inside.isEmpty()
            ? "this machine has none of its addresses, but " + told(all)
            : "this machine has several of its addresses, " + told(inside));
  }

  private static String told(List<InetAddress> addresses) {
    return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
  }
}
