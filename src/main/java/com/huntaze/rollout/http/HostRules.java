package com.huntaze.rollout.http;

/** The rules for {@code Host} (RFC 9110 §7.2, RFC 3986 §3.2.2): no user info, a real port. */
final class HostRules {
  private static final String ZONE_EXTRAS = "-._~%";
  private static final String NAME_EXTRAS = "-._~%!$&'()*+,;=";

  private HostRules() {}

  static boolean valid(String host) {
    if (host.isEmpty() || host.length() > 255 + 6) {
      return false;
    }
    int end = host.charAt(0) == '[' ? afterAddress(host) : afterName(host);
    return end > 0 && (end == host.length() || validPort(host, end));
  }

  private static int afterAddress(String host) {
    int close = host.indexOf(']');
    int zone = host.indexOf('%');
    int end = zone > 0 && zone < close ? zone : close;
    for (int i = 1; i < end; i++) {
      char c = host.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        return -1;
      }
    }
    return end < 3 || end < close && !validZone(host, end + 1, close) ? -1 : close + 1;
  }

  /** A zone id, {@code %25eth0} (RFC 6874 §2); as some clients write it also {@code %eth0}. */
  private static boolean validZone(String host, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = host.charAt(i);
      boolean allowed = c < 128 && (Character.isLetterOrDigit(c) || ZONE_EXTRAS.indexOf(c) >= 0);
      if (!allowed) {
        return false;
      }
    }
    return to > from;
  }

  /** Tells whether two authorities name the same place: one may leave its scheme's port out. */
  static boolean same(String one, String other, int defaultPort) {
    return other != null
        && withoutPort(one, defaultPort).equalsIgnoreCase(withoutPort(other, defaultPort));
  }

  private static String withoutPort(String authority, int defaultPort) {
    String port = ":" + defaultPort;
    return authority.endsWith(port)
        ? authority.substring(0, authority.length() - port.length())
        : authority;
  }

  private static int afterName(String host) {
    int at = 0;
    while (at < host.length() && host.charAt(at) != ':') {
      char c = host.charAt(at);
      boolean allowed = c < 128 && (Character.isLetterOrDigit(c) || NAME_EXTRAS.indexOf(c) >= 0);
      if (!allowed) {
        return -1;
      }
      at++;
    }
    return at;
  }

  private static boolean validPort(String host, int colon) {
    String digits = host.substring(colon + 1);
    if (host.charAt(colon) != ':' || digits.isEmpty() || digits.length() > 5) {
      return false;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return false;
      }
    }
    return Integer.parseInt(digits) <= 65_535;
  }
}
