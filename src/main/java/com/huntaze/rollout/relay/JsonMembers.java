package com.huntaze.rollout.relay;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Members of a JSON object as the UTF-8 that goes to a client, separated by commas. They are
 * written once, into an array that seldom grows: each answer is told some.
 */
final class JsonMembers {
  private static final int USUAL_LENGTH = 128;

  private byte[] text = new byte[USUAL_LENGTH];
  private int length;
  private boolean follows;

  /** Writes ASCII as it is, in front of the first member or behind the last one. */
  JsonMembers ascii(String raw) {
    room(raw.length());
    put(raw);
    return this;
  }

  /** A member whose value is text, {@code null} = not known. */
  void text(String name, String value) {
    name(name);
    if (value == null) {
      ascii("null");
      return;
    }
    ascii("\"");
    if (isPlain(value)) {
      ascii(value);
    } else {
      quoted(value);
    }
    ascii("\"");
  }

  /** A member whose value is a number or a literal. */
  void literal(String name, String value) {
    name(name);
    ascii(value);
  }

  /** The bytes, of which {@link #length} count. */
  byte[] array() {
    return text;
  }

  int length() {
    return length;
  }

  /** Returns whether it has no member. */
  boolean isEmpty() {
    return !follows;
  }

  @Override
  public String toString() {
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  private void name(String name) {
    room(name.length() + 4);
    put(follows ? ",\"" : "\"");
    put(name);
    put("\":");
    follows = true;
  }

  private void quoted(String value) {
    StringBuilder quoted = new StringBuilder(value.length() + 16);
    JsonStringEncoder.getInstance().quoteAsString(value, quoted);
    byte[] bytes = quoted.toString().getBytes(StandardCharsets.UTF_8);
    room(bytes.length);
    System.arraycopy(bytes, 0, text, length, bytes.length);
    length += bytes.length;
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c >= 0x7F || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private void put(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      text[length++] = (byte) ascii.charAt(i);
    }
  }

  private void room(int more) {
    if (length + more > text.length) {
      text = Arrays.copyOf(text, Math.max(2 * text.length, length + more));
    }
  }
}
