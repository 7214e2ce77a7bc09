package com.huntaze.rollout.proxy;

/** What may stand in {@code Host} (RFC 9110 §7.2, RFC 3986 §3.2.2): no user info, a real port. */
final class HostRules {
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
    for (int i = 1; i < close; i++) {
      char c = host.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        return -1;
      }
    }
    return close < 3 ? -1 : close + 1;
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
    return digits.chars().allMatch(c -> c >= '0' && c <= '9') && Integer.parseInt(digits) <= 65_535;
  }
}
