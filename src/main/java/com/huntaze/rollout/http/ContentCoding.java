package com.huntaze.rollout.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The codings of a response's body, RFC 9110 section 8.4.
 *
 * <p>Decision 95 in {@code docs/decisions.md}.
 */
public enum ContentCoding {
  IDENTITY(true),
  GZIP(true),
  DEFLATE(true),
  BR(false),
  ZSTD(false),
  /** An unknown one, or several. */
  OTHER(false);

  private final boolean readable;

  ContentCoding(boolean readable) {
    this.readable = readable;
  }

  /** The coding that the fields of a message tell; {@code IDENTITY} if they tell none. */
  public static ContentCoding of(MultiMap headers) {
    if (!headers.contains(HttpHeaders.CONTENT_ENCODING)) {
      return IDENTITY;
    }
    List<String> fields = headers.getAll(HttpHeaders.CONTENT_ENCODING);
    List<String> codings =
        Arrays.stream(String.join(",", fields).toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
            .toList();
    if (codings.isEmpty()) {
      return IDENTITY;
    }
    return codings.size() > 1 ? OTHER : named(codings.get(0));
  }

  private static ContentCoding named(String coding) {
    return switch (coding) {
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      case "br" -> BR;
      case "zstd" -> ZSTD;
      default -> OTHER;
    };
  }

  /** Tells whether a body that is coded so can be looked into. */
  public boolean isReadable() {
    return readable;
  }

  /** Short and stable, for metrics: {@code br}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
