package com.huntaze.rollout.simulate;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A request as a faulty upstream reads it: just enough of HTTP/1.1 to know where it ends.
 *
 * @param path the target
 * @param correlationId empty without one
 * @param body empty while it is not whole
 * @param end where the next request begins; -1 while the body is not whole
 */
record WireRequest(String path, String correlationId, String body, int end) {

  /** Reads the part of a request that has come; {@code null} while its head is not whole. */
  static WireRequest read(Buffer bytes) {
    String text = bytes.toString(StandardCharsets.ISO_8859_1);
    int headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0) {
      return null;
    }
    String head = text.substring(0, headEnd);
    int from = headEnd + 4;
    int end =
        field(head, "transfer-encoding").isEmpty()
            ? declaredEnd(head, from)
            : chunkedEnd(text, from);
    boolean whole = end >= 0 && end <= text.length();
    String[] line = head.split("\r\n", 2)[0].split(" ");
    return new WireRequest(
        line.length > 1 ? line[1] : "",
        field(head, "x-correlation-id"),
        whole ? text.substring(from, end) : "",
        whole ? end : -1);
  }

  boolean whole() {
    return end >= 0;
  }

  private static int declaredEnd(String head, int from) {
    String length = field(head, "content-length");
    return length.isEmpty() ? from : from + Integer.parseInt(length);
  }

  private static int chunkedEnd(String text, int from) {
    int at = from;
    while (true) {
      int lineEnd = text.indexOf("\r\n", at);
      if (lineEnd < 0) {
        return -1;
      }
      int size = Integer.parseInt(text.substring(at, lineEnd).strip(), 16);
      at = lineEnd + 2 + size + 2;
      if (size == 0) {
        return at;
      }
    }
  }

  private static String field(String head, String name) {
    for (String line : head.split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "";
  }
}
