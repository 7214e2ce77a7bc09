package com.huntaze.rollout.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import java.util.List;

/**
 * {@code Connection: close} in a list of options, on both sides of the proxy (RFC 9112 §9.6).
 * Vert.x finds it only where it stands alone, so it is written so. It then says {@code close} in
 * the answer, whoever makes it, closes the connection behind it, and takes no request after it.
 */
public final class CloseOption {
  private CloseOption() {}

  /** Returns whether a message ends its connection. */
  public static boolean says(HttpMessage message) {
    return message
        .headers()
        .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
  }

  /**
   * Has Vert.x close the connection behind a message. Vert.x takes the first value on its word, and
   * one of {@code keep-alive} alone, too; the other options are still needed, for they name fields.
   */
  public static void standAlone(HttpMessage message) {
    HttpHeaders headers = message.headers();
    List<String> listed = headers.getAll(HttpHeaderNames.CONNECTION);
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    for (String options : listed) {
      if (!HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(options.strip())) {
        headers.add(HttpHeaderNames.CONNECTION, options);
      }
    }
  }
}
