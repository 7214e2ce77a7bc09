package com.huntaze.rollout.settings;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of bytes with a unit, as the configuration may write them: {@code 32MiB}. With an {@code
 * i} a unit is a power of 1024, without it one of 1000.
 */
public final class BytesText {
  /** The form as a regular expression that the JSON schema can carry. */
  public static final String PATTERN = "^([0-9]{1,12})(kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$";

  /** The form of a number of bytes, for messages: it completes "expected: ". */
  public static final String WORDS =
      "bytes, as a whole number or with a unit such as 512KiB, 8MB or 32MiB";

  private static final Pattern FORM = Pattern.compile(PATTERN);
  private static final String SCALE = "KMGT";

  private BytesText() {}

  /** The bytes that {@code text} names, of any size, or empty when it has no unit. */
  public static Optional<BigDecimal> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String unit = form.group(2);
    int power = SCALE.indexOf(Character.toUpperCase(unit.charAt(0))) + 1;
    BigDecimal base = BigDecimal.valueOf(unit.contains("i") ? 1_024 : 1_000);
    return Optional.of(new BigDecimal(form.group(1)).multiply(base.pow(power)));
  }
}
