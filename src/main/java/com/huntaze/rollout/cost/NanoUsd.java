package com.huntaze.rollout.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
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

  /** A sign, ten digits, the point and the decimals. */
  public static final int MAX_LENGTH = 12 + DECIMALS;

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
    byte[] text = new byte[MAX_LENGTH];
    int length = format(nano, text);
    return new String(text, 0, length, StandardCharsets.ISO_8859_1);
  }

  /**
   * Writes the same at the beginning of an array.
   *
   * @param text at least {@value #MAX_LENGTH} bytes
   * @return its length
   */
  public static int format(long nano, byte[] text) {
    long whole = nano / PER_USD;
    long rest = Math.abs(nano % PER_USD);
    int from = MAX_LENGTH;
    int end = MAX_LENGTH;
    if (rest != 0) {
      for (int i = 0; i < DECIMALS; i++, rest /= 10) {
        text[--from] = (byte) ('0' + rest % 10);
      }
      while (text[end - 1] == '0') {
        end--;
      }
      text[--from] = '.';
    }
    long left = Math.abs(whole);
    do {
      text[--from] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left > 0);
    if (nano < 0) {
      text[--from] = '-';
    }
    System.arraycopy(text, from, text, 0, end - from);
    return end - from;
  }
}
