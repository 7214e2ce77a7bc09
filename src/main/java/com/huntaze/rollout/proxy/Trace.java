package com.huntaze.rollout.proxy;

import io.vertx.core.MultiMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The W3C trace context that a request comes with (Trace Context, section 3.2). */
final class Trace {
  private static final Pattern PARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}.*");

  private Trace() {}

  /** The id of the trace; {@code null} if the request is part of none. */
  static String id(MultiMap headers) {
    String parent = headers.get(HeaderNames.TRACEPARENT);
    if (parent == null || parent.length() > 512) {
      return null;
    }
    Matcher matcher = PARENT.matcher(parent);
    return matcher.matches() ? matcher.group(1) : null;
  }
}
