package com.huntaze.rollout.it;

import java.util.Arrays;
import java.util.Locale;

/**
 * One answer as it stood on the wire of a connection that has ended.
 *
 * @param status 0 when there was none
 * @param head status line and fields
 * @param body without its framing, as far as it came
 * @param whole whether its framing says that this was all of it
 * @param rest what came after it
 */
record RawAnswer(int status, String head, String body, boolean whole, String rest) {

  /** The first final answer of all that was read. */
  static RawAnswer of(String read) {
    int end = read.indexOf("\r\n\r\n");
    if (end < 0 || !read.startsWith("HTTP/1.1 ")) {
      return new RawAnswer(0, "", "", false, read);
    }
    String head = read.substring(0, end);
    String rest = read.substring(end + 4);
    int status = Integer.parseInt(head.substring(9, 12));
    if (status < 200) {
      return of(rest);
    }
    RawAnswer bare = new RawAnswer(status, head, "", true, rest);
    if (status == 204 || status == 304) {
      return bare;
    }
    if ("chunked".equals(bare.header("transfer-encoding"))) {
      return chunked(bare, rest);
    }
    String length = bare.header("content-length");
    int declared = length == null ? rest.length() : Integer.parseInt(length);
    int here = Math.min(declared, rest.length());
    return new RawAnswer(
        status, head, rest.substring(0, here), here == declared, rest.substring(here));
  }

  /** The same of the answer to a HEAD, which has no body whatever its fields say. */
  static RawAnswer toHead(String read) {
    RawAnswer answer = of(read);
    int end = answer.head.isEmpty() ? 0 : read.indexOf(answer.head) + answer.head.length() + 4;
    return new RawAnswer(answer.status, answer.head, "", true, read.substring(end));
  }

  private static RawAnswer chunked(RawAnswer bare, String text) {
    StringBuilder body = new StringBuilder();
    int at = 0;
    while (true) {
      int line = text.indexOf("\r\n", at);
      if (line < 0) {
        return new RawAnswer(bare.status, bare.head, body.toString(), false, "");
      }
      int size = Integer.parseInt(text.substring(at, line).split(";")[0].strip(), 16);
      if (size == 0) {
        int end = text.indexOf("\r\n\r\n", line - 1);
        boolean whole = end >= 0;
        String rest = whole ? text.substring(end + 4) : "";
        return new RawAnswer(bare.status, bare.head, body.toString(), whole, rest);
      }
      int from = line + 2;
      body.append(text, from, Math.min(from + size, text.length()));
      at = from + size + 2;
      if (at > text.length()) {
        return new RawAnswer(bare.status, bare.head, body.toString(), false, "");
      }
    }
  }

  /** A field's value; {@code null} without it. */
  String header(String name) {
    return Arrays.stream(head.split("\r\n"))
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(null);
  }
}
