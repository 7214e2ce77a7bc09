package com.huntaze.rollout.http;

import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** The id under which a request is found again in logs, answers and traces. */
public final class CorrelationId {
  private static final int MAX = 128;

  /** The digits of one that is made here. */
  private static final int FRESH = 32;

  /** Written anew for each id, of which the text is a copy. */
  private static final FastThreadLocal<byte[]> DIGITS =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[FRESH];
        }
      };

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

  private CorrelationId() {}

  /** The client's own, if it has the safe form {@code [A-Za-z0-9._-]{1,128}}; else a new one. */
  public static String of(MultiMap headers) {
    String given = headers.get(HeaderNames.CORRELATION_ID);
    if (!valid(given)) {
      given = headers.get(HeaderNames.REQUEST_ID);
    }
    return valid(given) ? given : fresh();
  }

  /**
   * Tells the client its id in all the fields that clients look at. Where the provider has told its
   * own request's, that is the one that its support asks for.
   */
  static void tell(MultiMap headers, String id) {
    headers.set(HeaderNames.CORRELATION_ID, id);
    setUnlessThere(headers, HeaderNames.REQUEST_ID, id);
    setUnlessThere(headers, HeaderNames.ANTHROPIC_REQUEST_ID, id);
  }

  private static void setUnlessThere(MultiMap headers, CharSequence name, String id) {
    if (!headers.contains(name)) {
      headers.set(name, id);
    }
  }

  private static String fresh() {
    // An id, not a secret: unique is enough.
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] id = DIGITS.get();
    for (int from = 0; from < FRESH; from += Long.BYTES * 2) {
      long bits = random.nextLong();
      for (int i = 0; i < Long.BYTES * 2; i++, bits >>>= 4) {
        id[from + i] = HEX[(int) bits & 0xF];
      }
    }
    return new String(id, StandardCharsets.ISO_8859_1);
  }

  /** Returns whether an id has the safe form. */
  public static boolean valid(String id) {
    if (id == null || id.isEmpty() || id.length() > MAX) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!letterOrDigit && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }
}
