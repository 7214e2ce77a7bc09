package com.huntaze.rollout.request;

import io.vertx.core.buffer.Buffer;

/** Gives an agent's request its {@code type_hint}, unless the caller gave one. */
final class TypeHint {
  private static final String FIELD = "type_hint";

  private TypeHint() {}

  /** Returns whether the body looks like the JSON object that the hint can be put into. */
  static boolean accepts(Buffer body) {
    int at = afterBlanks(body, 0);
    return at < body.length() && body.getByte(at) == '{';
  }

  /**
   * The body, which is {@linkplain #accepts accepted}, with the hint as its first field; the same
   * body when it has a hint already, even {@code null}: a field must not stand there twice.
   */
  static Buffer splice(Buffer body, String hint) {
    if (BodyPeek.has(body, FIELD)) {
      return body;
    }
    int brace = afterBlanks(body, 0);
    int next = afterBlanks(body, brace + 1);
    boolean empty = next < body.length() && body.getByte(next) == '}';
    String field = "\"" + FIELD + "\":\"" + hint + "\"" + (empty ? "" : ",");
    return Buffer.buffer(body.length() + field.length())
        .appendBuffer(body, 0, brace + 1)
        .appendString(field)
        .appendBuffer(body, brace + 1, body.length() - brace - 1);
  }

  private static int afterBlanks(Buffer body, int from) {
    int at = from;
    while (at < body.length() && isBlank(body.getByte(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
