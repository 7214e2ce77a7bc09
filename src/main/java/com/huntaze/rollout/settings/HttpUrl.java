package com.huntaze.rollout.settings;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The base URL of a service: scheme, host, port and an optional path prefix. It has no user info,
 * query or fragment. {@link java.net.URI} is not used because it finds no host in names with an
 * underscore, which container networks have.
 *
 * @param secure whether the scheme is https
 * @param host the host name or address, IPv6 without brackets
 * @param port the port, 80 or 443 when the text names none
 * @param path the prefix of every path, empty or beginning and not ending with a slash
 */
public record HttpUrl(boolean secure, String host, int port, String path) {
  /** The form of a URL, for messages: it completes "expected: ". */
  public static final String WORDS =
      "an http:// or https:// URL without user info, query and fragment";

  /** The form as a regular expression that the JSON schema can carry. */
  public static final String PATTERN =
      "^(https?)://(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9_][A-Za-z0-9._-]{0,254})"
          + "(?::([0-9]{1,5}))?(/[!-\"$->@-~]*)?$";

  private static final Pattern FORM = Pattern.compile(PATTERN);

  /** The URL that {@code text} names, or empty when it is not one. */
  public static Optional<HttpUrl> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    boolean secure = form.group(1).equals("https");
    int port = form.group(3) == null ? standardPort(secure) : Integer.parseInt(form.group(3));
    String host = form.group(2);
    boolean bracketed = host.startsWith("[");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    if (port < 1 || port > 65535 || (bracketed && !IpAddresses.isAddress(bare))) {
      return Optional.empty();
    }
    return Optional.of(new HttpUrl(secure, bare, port, withoutTrailingSlash(form.group(4))));
  }

  /** Host and port as a Host header carries them: the standard port is left out. */
  public String authority() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == standardPort(secure) ? name : name + ":" + port;
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority() + path;
  }

  private static int standardPort(boolean secure) {
    return secure ? 443 : 80;
  }

  private static String withoutTrailingSlash(String path) {
    int end = path == null ? 0 : path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return end == 0 ? "" : path.substring(0, end);
  }
}
