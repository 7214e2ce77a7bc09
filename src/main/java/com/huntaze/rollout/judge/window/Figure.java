package com.huntaze.rollout.judge.window;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as sentences show them, whatever the machine's locale. */
public final class Figure {
  private static final int MOST_DIGITS = 9;
  private static final double LN_BILLION = Math.log(1e9);

  private Figure() {}

  /** A share 0..1, such as {@code 33.3 %}. */
  public static String percent(double share) {
    return percent(share, 1);
  }

  /** A share that must not read the same as the limit that it is over. */
  public static String percent(double share, double limit) {
    int digits = 1;
    while (digits < MOST_DIGITS && percent(share, digits).equals(percent(limit, digits))) {
      digits++;
    }
    return percent(share, digits);
  }

  /** Nano-USD, such as {@code 0.1 USD}. */
  public static String usd(long nano) {
    return plain(BigDecimal.valueOf(nano, 9)) + " USD";
  }

  /** A mean of nano-USD that must not read the same as the limit that it is over. */
  static String usd(double meanNano, long limitNano) {
    BigDecimal mean = BigDecimal.valueOf(meanNano).movePointLeft(9);
    int digits = 4;
    String text = plain(mean.round(new MathContext(digits, RoundingMode.HALF_UP)));
    while (digits < 2 * MOST_DIGITS && (text + " USD").equals(usd(limitNano))) {
      digits++;
      text = plain(mean.round(new MathContext(digits, RoundingMode.HALF_UP)));
    }
    return text + " USD";
  }

  /** Milliseconds, such as {@code 640 ms} or {@code 1.20 s}. */
  public static String millis(double millis) {
    return millis < 1_000
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.2f s", millis / 1_000);
  }

  /** A chance of 1 in e^x as people say it: the number, such as {@code 990}. */
  public static String timesOf(double ln, int digits) {
    if (ln > LN_BILLION) {
      return "over a billion";
    }
    BigDecimal times =
        BigDecimal.valueOf(Math.exp(ln)).round(new MathContext(digits, RoundingMode.HALF_UP));
    return String.format(Locale.ROOT, "%,d", times.longValue());
  }

  private static String percent(double share, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f %%", share * 100);
  }

  private static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
