package com.huntaze.rollout.request;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The parameters of a field such as {@code Content-Type} (RFC 9110 §5.6.6): names in lower case,
 * with values that may be quoted.
 */
final class FieldParameters {
  private final String field;
  private final Map<String, String> found = new HashMap<>();
  private int at;

  private FieldParameters(String field) {
    this.field = field;
  }

  /** The field's value without its parameters, in lower case. */
  static String value(String field) {
    int semicolon = field.indexOf(';');
    return (semicolon < 0 ? field : field.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /** Its parameters; {@code null} if they are malformed, or one stands there twice. */
  static Map<String, String> of(String field) {
    FieldParameters all = new FieldParameters(field);
    return all.read() ? all.found : null;
  }

  private boolean read() {
    at = field.indexOf(';');
    while (at >= 0 && at < field.length()) {
      // At a semicolon, behind which there may be nothing.
      at++;
      skipBlanks();
      if (at == field.length() || field.charAt(at) == ';') {
        continue;
      }
      int equals = field.indexOf('=', at);
      if (equals < 0) {
        return false;
      }
      String name = field.substring(at, equals).strip().toLowerCase(Locale.ROOT);
      at = equals + 1;
      skipBlanks();
      String text = at < field.length() && field.charAt(at) == '"' ? quoted() : token();
      skipBlanks();
      boolean ended = at == field.length() || field.charAt(at) == ';';
      if (text == null || !ended || found.put(name, text) != null) {
        return false;
      }
    }
    return true;
  }

  private void skipBlanks() {
    while (at < field.length() && (field.charAt(at) == ' ' || field.charAt(at) == '\t')) {
      at++;
    }
  }

  private String token() {
    int semicolon = field.indexOf(';', at);
    int end = semicolon < 0 ? field.length() : semicolon;
    String text = field.substring(at, end).strip();
    at = end;
    return text.indexOf('"') < 0 ? text : null;
  }

  /** A text in quotes, in which a backslash lets the next character stand for itself. */
  private String quoted() {
    StringBuilder text = new StringBuilder();
    for (at++; at < field.length(); at++) {
      char c = field.charAt(at);
      if (c == '"') {
        at++;
        return text.toString();
      }
      boolean escaped = c == '\\' && at + 1 < field.length();
      at += escaped ? 1 : 0;
      text.append(field.charAt(at));
    }
    return null;
  }
}
