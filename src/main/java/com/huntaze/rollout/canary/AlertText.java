package com.huntaze.rollout.canary;

/** Text from anywhere as a line that may stand in a log, a mail's head or a chat. */
final class AlertText {
  private static final int REPLACEMENT = 0xFFFD;
  private static final String CUT = "...";

  private AlertText() {}

  /**
   * The text without anything that breaks a line or hides: control and format characters and line
   * separators are spaces, halves of characters are U+FFFD.
   *
   * @param most characters; what is longer ends with dots
   */
  static String line(String text, int most) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), most));
    int at = 0;
    while (at < text.length()) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      if (line.length() + Character.charCount(character) > most) {
        return cut(line, most);
      }
      line.appendCodePoint(harmless(character));
    }
    return line.toString().strip();
  }

  private static int harmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          ' ';
      case Character.SURROGATE -> REPLACEMENT;
      default -> character;
    };
  }

  private static String cut(StringBuilder line, int most) {
    int end = most - CUT.length();
    if (Character.isLowSurrogate(line.charAt(end))) {
      end--;
    }
    return line.substring(0, end).strip() + CUT;
  }
}
