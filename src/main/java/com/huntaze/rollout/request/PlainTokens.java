package com.huntaze.rollout.request;

/**
 * The tokens of plain JSON, read where they lie: each method goes past what it reads, and says
 * whether it is plain. It is as strict as Jackson's parser, or stricter.
 */
abstract class PlainTokens {
  /** A longer name is not plain; one that is longer than 1,024 bytes Jackson refuses. */
  private static final int MOST_NAME = 256;

  /** A longer number is not plain; one that is longer than 1,000 digits Jackson refuses. */
  private static final int MOST_DIGITS = 64;

  final byte[] data;
  private final int end;

  /** The place of the next byte. */
  int at;

  private int nameFrom;
  private int nameTo;

  /** The string that was read last is ASCII without escapes. */
  boolean simple;

  /** The number that was read last is a whole one. */
  boolean whole;

  /** The place behind the value that was read last. */
  int valueEnd;

  PlainTokens(byte[] data, int from, int end) {
    this.data = data;
    this.end = end;
    this.at = from;
  }

  /** The length of the name that was read last. */
  final int nameLength() {
    return nameTo - nameFrom;
  }

  /** Reads a name and the colon behind it. */
  final boolean name() {
    nameFrom = at + 1;
    if (!string() || !simple || at - nameFrom > MOST_NAME) {
      return false;
    }
    nameTo = at - 1;
    if (next() != ':') {
      return false;
    }
    at++;
    return true;
  }

  final boolean scalar() {
    int begin = next();
    return switch (begin) {
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number();
    };
  }

  /** Reads a string from its first quote on, as strictly as Jackson reads one that it skips. */
  private boolean string() {
    simple = true;
    at++;
    while (at < end) {
      int c = data[at++];
      if (c == '"') {
        valueEnd = at;
        return true;
      } else if (c == '\\') {
        simple = false;
        if (!escape()) {
          return false;
        }
      } else if (c < 0) {
        simple = false;
        if (!multibyte(c & 0xFF)) {
          return false;
        }
      } else if (c < ' ') {
        return false;
      }
    }
    return false;
  }

  private boolean escape() {
    if (at == end) {
      return false;
    }
    int c = data[at++];
    if (c != 'u') {
      return c == '"' || c == '\\' || c == '/' || "bfnrt".indexOf(c) >= 0;
    }
    for (int i = 0; i < 4; i++) {
      if (at == end || Character.digit(data[at++], 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean multibyte(int lead) {
    int more;
    if ((lead & 0xE0) == 0xC0) {
      more = 1;
    } else if ((lead & 0xF0) == 0xE0) {
      more = 2;
    } else if ((lead & 0xF8) == 0xF0) {
      more = 3;
    } else {
      return false;
    }
    for (int i = 0; i < more; i++) {
      if (at == end || (data[at++] & 0xC0) != 0x80) {
        return false;
      }
    }
    return true;
  }

  private boolean literal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (at == end || data[at++] != text.charAt(i)) {
        return false;
      }
    }
    return isDelimited();
  }

  private boolean number() {
    int begin = at;
    whole = true;
    skip('-');
    int first = at;
    if (digits() == 0 || data[first] == '0' && at - first > 1) {
      return false;
    }
    if (skip('.')) {
      whole = false;
      if (digits() == 0) {
        return false;
      }
    }
    if (skip('e') || skip('E')) {
      whole = false;
      if (!skip('+')) {
        skip('-');
      }
      if (digits() == 0) {
        return false;
      }
    }
    return at - begin <= MOST_DIGITS && isDelimited();
  }

  private boolean skip(char c) {
    boolean there = at < end && data[at] == c;
    at += there ? 1 : 0;
    return there;
  }

  private int digits() {
    int begin = at;
    while (at < end && isDigit(data[at])) {
      at++;
    }
    return at - begin;
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** Tells whether a number or a literal ends here. */
  private boolean isDelimited() {
    valueEnd = at;
    int c = next();
    return c == ',' || c == '}' || c == ']';
  }

  /** The next byte that is no space, to which it goes; -1 = there is none. */
  final int next() {
    while (at < end) {
      int c = data[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
    }
    return -1;
  }

  final boolean is(String text) {
    int length = nameTo - nameFrom;
    return text.length() == length && begins(text, length);
  }

  /** Tells whether the first characters are those of the name. */
  final boolean begins(String text, int length) {
    for (int i = 0; i < length; i++) {
      if (data[nameFrom + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
