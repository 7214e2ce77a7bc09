package com.huntaze.rollout.token;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A token as it was issued.
 *
 * @param text the token itself; {@link #toString} does not show it
 * @param endsAtMillis its end, milliseconds of the wall clock; {@link Long#MAX_VALUE} = not known
 */
record Issued(String text, long endsAtMillis) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/=-]{1,16384}");
  private static final String[] TEXTS = {"access_token", "accessToken", "token"};
  private static final long NOT_KNOWN = Long.MAX_VALUE;

  /**
   * Reads a token, or the JSON in which Entra ID, managed identities and {@code az} tell one.
   *
   * @throws IllegalArgumentException if it is neither; the message does not repeat it
   */
  static Issued parse(String text, long nowMillis) {
    String plain = text.strip();
    if (!plain.startsWith("{")) {
      return of(plain, NOT_KNOWN);
    }
    JsonObject json;
    try {
      json = new JsonObject(plain);
    } catch (DecodeException broken) {
      throw new IllegalArgumentException("token: broken JSON (expected: an object)");
    }
    for (String name : TEXTS) {
      if (json.getValue(name) instanceof String token) {
        return of(token, end(json, nowMillis));
      }
    }
    throw new IllegalArgumentException("token: JSON without one (expected: access_token)");
  }

  private static Issued of(String token, long endsAtMillis) {
    if (!FORM.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "token: %d characters that are none (expected: letters, digits and ._~+/=-)"
              .formatted(token.length()));
    }
    return new Issued(token, endsAtMillis == NOT_KNOWN ? endOfJwt(token) : endsAtMillis);
  }

  /** Seconds from now or of the epoch, as a number or as text; ISO 8601. */
  private static long end(JsonObject json, long nowMillis) {
    Long from = seconds(json.getValue("expires_in"));
    if (from != null) {
      return nowMillis + from * 1_000;
    }
    Object on = json.getValue("expires_on");
    Long at = seconds(on);
    return at == null ? instant(on) : at * 1_000;
  }

  private static Long seconds(Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    return value instanceof String text && text.matches("[0-9]{1,12}") ? Long.valueOf(text) : null;
  }

  private static long instant(Object value) {
    try {
      return value instanceof String text ? Instant.parse(text).toEpochMilli() : NOT_KNOWN;
    } catch (DateTimeException other) {
      return NOT_KNOWN;
    }
  }

  /** A JWT says itself when it ends, RFC 7519 §4.1.4. */
  private static long endOfJwt(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return NOT_KNOWN;
    }
    try {
      byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
      Long at = seconds(new JsonObject(new String(claims, StandardCharsets.UTF_8)).getValue("exp"));
      return at == null ? NOT_KNOWN : at * 1_000;
    } catch (IllegalArgumentException | DecodeException opaque) {
      return NOT_KNOWN;
    }
  }

  /**
   * The time after which the next one is asked for: five minutes before the end, or when four
   * fifths of the time are over, whichever is earlier; Azure's own libraries keep five minutes.
   */
  long renewAfterMillis(long nowMillis) {
    if (endsAtMillis == NOT_KNOWN) {
      return 300_000;
    }
    long left = endsAtMillis - nowMillis;
    long early = left - 300_000;
    long most = left * 4 / 5;
    return Math.max(1_000, early > 0 ? Math.min(early, most) : most);
  }

  @Override
  public String toString() {
    return "Issued[endsAtMillis=" + endsAtMillis + "]";
  }
}
