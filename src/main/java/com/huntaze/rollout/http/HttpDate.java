package com.huntaze.rollout.http;

import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The value of {@code Date} (RFC 9110 §5.6.7, §6.6.1), which is written once a second and not once
 * an answer.
 */
public final class HttpDate {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private record Written(long second, CharSequence text) {}

  private static volatile Written last = new Written(-1, "");

  private HttpDate() {}

  /** The present time. */
  public static CharSequence now() {
    long second = Math.floorDiv(System.currentTimeMillis(), 1_000L);
    Written written = last;
    if (written.second != second) {
      // Two threads may both write it: they write the same.
      String text = IMF_FIXDATE.format(Instant.ofEpochSecond(second));
      written = new Written(second, HttpHeaders.createOptimized(text));
      last = written;
    }
    return written.text;
  }
}
