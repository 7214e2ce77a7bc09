package com.huntaze.rollout.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;

/**
 * Money is a {@code long} of nano-USD: a billionth of a dollar. Sums of them are exact, and a long
 * holds nine billion dollars.
 */
public final class NanoUsd {
  /** Nano-USD in a dollar. */
  public static final long PER_USD = 1_000_000_000;

  /** A hundred thousand dollars. No request costs more; what says so is broken, or hostile. */
  public static final long MOST = 100_000 * PER_USD;

  private static final int DECIMALS = 9;
  private static final int MAX_DIGITS = 64;
  private static final int MAX_WHOLE_DIGITS = 6;

  private NanoUsd() {}

  /**
   * Reads an amount of dollars as JSON writes numbers, rounded to the nearest nano-USD, half up.
   *
   * @return empty if it is no number, negative, or a million dollars or more
   */
  public static OptionalLong parse(String usd) {
    if (usd.length() > MAX_DIGITS) {
      return OptionalLong.empty();
    }
    try {
      BigDecimal amount = new BigDecimal(usd);
      if (amount.signum() < 0 || wholeDigits(amount) > MAX_WHOLE_DIGITS) {
        return OptionalLong.empty();
      }
      if (wholeDigits(amount) < -DECIMALS) {
        return OptionalLong.of(0);
      }
      return OptionalLong.of(
          amount.movePointRight(DECIMALS).setScale(0, RoundingMode.HALF_UP).longValueExact());
    } catch (NumberFormatException notANumber) {
      return OptionalLong.empty();
    }
  }

  /** Digits before the decimal point; negative with zeros behind it. */
  private static long wholeDigits(BigDecimal amount) {
    return (long) amount.precision() - amount.scale();
  }

  /** The amount in dollars, exact, without trailing zeros: {@code 0.0000042}. */
  public static String format(long nano) {
    long whole = nano / PER_USD;
    long rest = Math.abs(nano % PER_USD);
    if (rest == 0) {
      return Long.toString(whole);
    }
    String decimals = Long.toString(PER_USD + rest);
    int end = decimals.length();
    while (decimals.charAt(end - 1) == '0') {
      end--;
    }
    String sign = nano < 0 && whole == 0 ? "-" : "";
    return sign + whole + "." + decimals.substring(1, end);
  }
}
