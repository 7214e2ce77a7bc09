package com.huntaze.rollout.route;

import java.util.ArrayList;
import java.util.List;

/**
 * A request's path as it is compared: without a slash at its end, and with those ASCII characters
 * in their place that were percent-encoded without need (RFC 3986 §6.2.2.2). What is sent to a
 * provider stays as the client wrote it.
 */
public final class PlainPath {
  private PlainPath() {}

  /** The path to compare. */
  public static String of(String path) {
    String whole = path.indexOf('%') < 0 ? path : decoded(path);
    return whole.length() > 1 && whole.endsWith("/")
        ? whole.substring(0, whole.length() - 1)
        : whole;
  }

  /** The segments behind the first slash; of {@code /} it is one, and empty. */
  static List<String> segments(String plain) {
    List<String> segments = new ArrayList<>(8);
    int from = 1;
    for (int slash = plain.indexOf('/', from); slash >= 0; slash = plain.indexOf('/', from)) {
      segments.add(plain.substring(from, slash));
      from = slash + 1;
    }
    segments.add(plain.substring(Math.min(from, plain.length())));
    return segments;
  }

  private static String decoded(String path) {
    StringBuilder plain = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      int code = path.charAt(i) == '%' ? code(path, i + 1) : -1;
      boolean needless = code > ' ' && code < 0x7F && code != '/' && code != '%';
      plain.append(needless ? (char) code : path.charAt(i));
      i += needless ? 2 : 0;
    }
    return plain.toString();
  }

  private static int code(String path, int at) {
    if (at + 2 > path.length()) {
      return -1;
    }
    int high = Character.digit(path.charAt(at), 16);
    int low = Character.digit(path.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}
