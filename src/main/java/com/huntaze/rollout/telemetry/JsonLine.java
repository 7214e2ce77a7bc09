package com.huntaze.rollout.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON object on one line, written as bytes into a buffer that is used again for the next: of
 * printable ASCII alone, all else is escaped (RFC 8259, section 7). It knows what a flat line
 * needs: texts, whole numbers, booleans, {@code null}. Not thread-safe.
 */
final class JsonLine {
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_NUMBER = 20;
  private static final int LONGEST_ESCAPE = 6;

  /** A buffer that a huge line has grown is not kept. */
  private static final int KEPT_BYTES = 65_536;

  /** A member's name as it is written: {@code ,"name":}. */
  static final class Name {
    private final byte[] bytes;

    Name(String name) {
      bytes = (",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }
  }

  private final int bytesAtFirst;
  private byte[] buffer;
  private int length;

  JsonLine(int bytesAtFirst) {
    this.bytesAtFirst = bytesAtFirst;
    buffer = new byte[bytesAtFirst];
  }

  /** Begins a line; the one before it is gone. */
  JsonLine begin() {
    if (buffer.length > KEPT_BYTES) {
      buffer = new byte[bytesAtFirst];
    }
    length = 0;
    return raw('{');
  }

  /** Ends the line, with its line feed. */
  void end() {
    raw('}');
    raw('\n');
  }

  byte[] buffer() {
    return buffer;
  }

  /** The bytes written, the line feed included. */
  int length() {
    return length;
  }

  JsonLine name(Name name) {
    // The first member's comma is left out.
    int from = length == 1 ? 1 : 0;
    room(name.bytes.length);
    System.arraycopy(name.bytes, from, buffer, length, name.bytes.length - from);
    length += name.bytes.length - from;
    return this;
  }

  JsonLine text(Name name, String value) {
    name(name);
    return value == null ? raw(NULL) : open().chars(value, value.length()).close();
  }

  JsonLine number(Name name, long value) {
    return name(name).digits(value);
  }

  JsonLine nothing(Name name) {
    return name(name).raw(NULL);
  }

  JsonLine flag(Name name, boolean value) {
    return name(name).raw(value ? TRUE : FALSE);
  }

  /** Begins a text that is written in pieces. */
  JsonLine open() {
    return raw('"');
  }

  JsonLine close() {
    return raw('"');
  }

  /** The first characters of a text, escaped. */
  JsonLine chars(String value, int many) {
    room(LONGEST_ESCAPE * many);
    for (int i = 0; i < many; i++) {
      char c = value.charAt(i);
      if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
        buffer[length++] = (byte) c;
      } else {
        escaped(c);
      }
    }
    return this;
  }

  /** Bytes that need no escape. */
  JsonLine raw(byte[] bytes) {
    return raw(bytes, bytes.length);
  }

  /** The first of them. */
  JsonLine raw(byte[] bytes, int count) {
    room(count);
    System.arraycopy(bytes, 0, buffer, length, count);
    length += count;
    return this;
  }

  JsonLine raw(char one) {
    room(1);
    buffer[length++] = (byte) one;
    return this;
  }

  /** A whole number in decimal digits. */
  JsonLine digits(long value) {
    if (value == Long.MIN_VALUE) {
      return raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
    room(LONGEST_NUMBER);
    long rest = Math.abs(value);
    if (value < 0) {
      buffer[length++] = '-';
    }
    int end = length + digitsOf(rest);
    length = end;
    do {
      buffer[--end] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    return this;
  }

  /** A whole number of 0 or more, padded with zeros on its left. */
  JsonLine padded(long value, int digits) {
    for (int missing = digits - digitsOf(value); missing > 0; missing--) {
      raw('0');
    }
    return digits(value);
  }

  private static int digitsOf(long value) {
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private void escaped(char c) {
    buffer[length++] = '\\';
    switch (c) {
      case '"', '\\' -> buffer[length++] = (byte) c;
      case '\b' -> buffer[length++] = 'b';
      case '\t' -> buffer[length++] = 't';
      case '\n' -> buffer[length++] = 'n';
      case '\f' -> buffer[length++] = 'f';
      case '\r' -> buffer[length++] = 'r';
      default -> {
        buffer[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
          buffer[length++] = HEX[c >> shift & 0xF];
        }
      }
    }
  }

  private void room(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }
}
