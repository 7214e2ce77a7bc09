package com.huntaze.rollout.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * The form in which a problem shows a value of the document: short, on one line, and never a
 * secret.
 */
final class ShownValue {
  static final String MASK = "***";

  private static final int LONGEST = 80;
  private static final Pattern USER_INFO = Pattern.compile("//[^/?#]*@");
  private static final Pattern QUERY = Pattern.compile("([?&#][^=&\"]*=)[^&\"]*");

  private ShownValue() {}

  /** The value itself, or only its kind where it is an object or a list. */
  static String of(JsonNode node) {
    if (node.isContainerNode()) {
      return kind(node);
    }
    return node.isTextual() ? quoted(node.textValue()) : cut(node.toString());
  }

  /** The text in quotes; credentials in a URL are masked even where nobody expects them. */
  static String quoted(String text) {
    return '"' + cut(visible(url(text))) + '"';
  }

  /** The text as it is, but for the credentials of a URL in it. */
  static String url(String text) {
    String safe = USER_INFO.matcher(text).replaceAll("//" + MASK + "@");
    return safe.contains("://") ? QUERY.matcher(safe).replaceAll("$1" + MASK) : safe;
  }

  /** For example {@code a list}. */
  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      default -> "null";
    };
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  private static String visible(String text) {
    StringBuilder shown = new StringBuilder();
    for (char c : text.substring(0, Math.min(text.length(), LONGEST + 1)).toCharArray()) {
      if (c == '"' || c == '\\') {
        shown.append('\\').append(c);
      } else if (Character.isISOControl(c)) {
        shown.append(String.format("\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }
}
