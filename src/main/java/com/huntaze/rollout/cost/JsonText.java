package com.huntaze.rollout.cost;

/** The text that a JSON string stands for. */
final class JsonText {
  private static final int HEX_DIGITS = 4;

  private JsonText() {}

  /** Resolves the escapes of RFC 8259 section 7; one that is none stays as it is. */
  static String unescape(String raw) {
    StringBuilder plain = new StringBuilder(raw.length());
    int at = 0;
    while (at < raw.length()) {
      char c = raw.charAt(at);
      if (c != '\\' || at + 1 == raw.length()) {
        plain.append(c);
        at++;
      } else if (raw.charAt(at + 1) == 'u' && isHex(raw, at + 2)) {
        plain.append((char) Integer.parseInt(raw.substring(at + 2, at + 2 + HEX_DIGITS), 16));
        at += 2 + HEX_DIGITS;
      } else {
        plain.append(simple(raw.charAt(at + 1)));
        at += 2;
      }
    }
    return plain.toString();
  }

  private static boolean isHex(String raw, int from) {
    return raw.length() >= from + HEX_DIGITS
        && raw.chars().skip(from).limit(HEX_DIGITS).allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private static char simple(char escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escaped;
    };
  }
}
