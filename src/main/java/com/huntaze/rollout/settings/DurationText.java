package com.huntaze.rollout.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the configuration writes them: a whole number and one unit, {@code 250ms}. */
public final class DurationText {
  /** The form as a regular expression that the JSON schema can carry. */
  public static final String PATTERN = "^([0-9]{1,12})(ms|s|m|h|d)$";

  /** The form of a duration, for messages: it completes "expected: ". */
  public static final String WORDS = "a duration such as 250ms, 10s, 15m, 24h or 7d";

  private static final Pattern FORM = Pattern.compile(PATTERN);

  private DurationText() {}

  /** The duration that {@code text} names, or empty when it is not one. */
  public static Optional<Duration> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    // Twelve digits of the largest unit are far below what a Duration holds.
    return Optional.of(unit(form.group(2)).multipliedBy(Long.parseLong(form.group(1))));
  }

  /** The shortest text that {@link #parse} reads back; anything under a millisecond is cut off. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    for (String suffix : new String[] {"d", "h", "m", "s"}) {
      Duration unit = unit(suffix);
      long count = duration.dividedBy(unit);
      if (unit.multipliedBy(count).equals(duration)) {
        return count + suffix;
      }
    }
    return duration.toMillis() + "ms";
  }

  private static Duration unit(String suffix) {
    return switch (suffix) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      default -> Duration.ofDays(1);
    };
  }
}
