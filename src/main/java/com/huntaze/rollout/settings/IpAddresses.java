package com.huntaze.rollout.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Reads IP addresses and networks written as text. It never asks a name server. */
public final class IpAddresses {
  private static final Pattern V4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern PREFIX = Pattern.compile("\\d{1,3}");

  private IpAddresses() {}

  /** Returns whether {@code text} is an IPv4 or IPv6 address, without brackets and zone. */
  public static boolean isAddress(String text) {
    return V4.matcher(text).matches() || isV6(text);
  }

  /** Returns whether {@code text} is an address or a network such as {@code 10.0.0.0/8}. */
  public static boolean isNetwork(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return isAddress(text);
    }
    String address = text.substring(0, slash);
    String prefix = text.substring(slash + 1);
    int bits = address.contains(":") ? 128 : 32;
    return isAddress(address)
        && PREFIX.matcher(prefix).matches()
        && Integer.parseInt(prefix) <= bits;
  }

  /** Returns whether {@code host} can only be reached from this machine. */
  public static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    return isAddress(host) && address(host).isLoopbackAddress();
  }

  /** Returns whether {@code host} stands for all addresses of this machine. */
  public static boolean isWildcard(String host) {
    return isAddress(host) && address(host).isAnyLocalAddress();
  }

  private static boolean isV6(String text) {
    if (!V6.matcher(text).matches()) {
      return false;
    }
    try {
      // The brackets make Java read a literal: a name is never looked up.
      return InetAddress.getByName("[" + text + "]") != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal + ": not an IP address", e);
    }
  }

  /**
   * Returns a problem for each of some texts that is no address or network.
   *
   * @param setting the list's name
   */
  public static List<Problem> networkProblems(String setting, List<String> texts) {
    return IntStream.range(0, texts.size())
        .filter(i -> !isNetwork(texts.get(i)))
        .mapToObj(
            i ->
                new Problem(
                    "%s[%d]".formatted(setting, i), '"' + texts.get(i) + '"', Forms.NETWORK_WORDS))
        .toList();
  }
}
