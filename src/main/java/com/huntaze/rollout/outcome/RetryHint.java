package com.huntaze.rollout.outcome;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** The wait that a provider asks for before the next attempt. */
public final class RetryHint {
  /** The longest wait that is believed: one hour, in milliseconds. */
  public static final long MAX_MILLIS = 3_600_000;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,18})?");

  /** The three forms of RFC 9110, section 5.6.7: today's, RFC 850's and asctime's. */
  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.RFC_1123_DATE_TIME,
          DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US)
              .withZone(ZoneOffset.UTC),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US)
              .withZone(ZoneOffset.UTC));

  private RetryHint() {}

  /**
   * The hint of an answer: {@code retry-after-ms}, {@code x-ms-retry-after-ms}, {@code retry-after}
   * (seconds or an HTTP date), the first of them that can be read.
   *
   * @param headers an answer's, of whatever kind
   * @param header gives the value of one of them by its lower-case name, or null
   * @param nowEpochMillis the wall clock, for dates
   * @return milliseconds, 0 to {@link #MAX_MILLIS}
   */
  public static <H> OptionalLong of(
      H headers, BiFunction<H, String, String> header, long nowEpochMillis) {
    OptionalLong hint = number(header.apply(headers, "retry-after-ms"), 1);
    if (hint.isEmpty()) {
      hint = number(header.apply(headers, "x-ms-retry-after-ms"), 1);
    }
    if (hint.isPresent()) {
      return hint;
    }
    String text = header.apply(headers, "retry-after");
    hint = number(text, 1_000);
    return hint.isPresent() ? hint : date(text, nowEpochMillis);
  }

  private static OptionalLong number(String text, int unitMillis) {
    if (text == null || !NUMBER.matcher(text.strip()).matches()) {
      return OptionalLong.empty();
    }
    return clamped(Math.ceil(Double.parseDouble(text.strip()) * unitMillis));
  }

  private static OptionalLong date(String text, long nowEpochMillis) {
    if (text == null || text.length() > 64) {
      return OptionalLong.empty();
    }
    for (DateTimeFormatter form : DATES) {
      try {
        TemporalAccessor date = form.parse(text.strip());
        return clamped((double) Instant.from(date).toEpochMilli() - nowEpochMillis);
      } catch (DateTimeException | ArithmeticException other) {
        // Not of this form, or no date at all: the next one may fit.
        continue;
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong clamped(double millis) {
    return OptionalLong.of((long) Math.min(MAX_MILLIS, Math.max(0, millis)));
  }
}
