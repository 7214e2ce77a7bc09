package com.huntaze.rollout.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A habit from another format in a text that is not JSON. The parser's own words name the character
 * where it gave up, and not what somebody had in mind.
 *
 * @param at the index of the character that is too much
 */
record JsonSlip(int at, String sentence) {
  private static final Pattern YAML =
      Pattern.compile("---|%YAML .*|- .*|[A-Za-z_][A-Za-z0-9_.-]{0,63}:( .*)?");

  /** All of a text: one word that begins as paths do, or ends as names of files do. */
  private static final Pattern PATH =
      Pattern.compile(
          "\\s*((/|\\.{1,2}/|~/|[A-Za-z]:\\\\)[^\\s{}\"]{0,4096}|[^\\s{}\"\\[]{1,4096}\\.json)\\s*");

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /**
   * The slip that a parser stumbled over; empty = none that is known.
   *
   * @param gaveUp the index where it did: what stands behind it explains nothing
   */
  static Optional<JsonSlip> of(String text, long gaveUp) {
    if (PATH.matcher(text).matches()) {
      return Optional.of(
          new JsonSlip(0, "this is the path of a file (expected: the JSON object itself)"));
    }
    Optional<JsonSlip> yaml = yaml(text);
    return yaml.isPresent() ? yaml : betweenTexts(text).filter(slip -> slip.at() <= gaveUp);
  }

  private static Optional<JsonSlip> yaml(String text) {
    int begin = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      String content = line.strip();
      if (!content.isEmpty() && !content.startsWith("#")) {
        return YAML.matcher(content).matches()
            ? Optional.of(new JsonSlip(begin, "this is YAML (expected: a JSON object)"))
            : Optional.empty();
      }
      begin = text.indexOf('\n', begin) + 1;
    }
    return Optional.empty();
  }

  private static Optional<JsonSlip> betweenTexts(String text) {
    int comma = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        i = endOfText(text, i);
        comma = -1;
      } else if (c == ',') {
        comma = i;
      } else if ((c == '}' || c == ']') && comma >= 0) {
        String sentence = "a comma before %s (expected: none after the last entry)".formatted(c);
        return Optional.of(new JsonSlip(comma, sentence));
      } else if (!Character.isWhitespace(c)) {
        Optional<String> foreign = foreign(c);
        if (foreign.isPresent()) {
          return Optional.of(new JsonSlip(i, foreign.get()));
        }
        comma = -1;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> foreign(char c) {
    return switch (c) {
      case '\'' -> Optional.of("single quotes are not JSON (expected: double quotes)");
      case '/', '#' -> Optional.of("comments are not JSON");
      case BYTE_ORDER_MARK ->
          Optional.of(
              "a byte order mark within the text (expected: none, or one at its beginning)");
      default -> Optional.empty();
    };
  }

  /** The index of the quote that ends a text, or of the last character if none does. */
  private static int endOfText(String text, int quote) {
    for (int i = quote + 1; i < text.length(); i++) {
      if (text.charAt(i) == '"') {
        return i;
      } else if (text.charAt(i) == '\\') {
        i++;
      }
    }
    return text.length() - 1;
  }

  /** For example {@code line 3, column 18}; both count from 1. */
  String place(String text) {
    int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    int column = at - text.lastIndexOf('\n', at - 1);
    return "line %d, column %d".formatted(line, column);
  }
}
