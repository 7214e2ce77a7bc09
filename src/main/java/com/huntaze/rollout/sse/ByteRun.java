package com.huntaze.rollout.sse;

import java.util.Arrays;

/** Bytes that grow at the end. It lets go of large arrays when it is cleared. */
final class ByteRun {
  private static final int KEPT = 4096;
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void append(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  void append(byte one) {
    reserve(1);
    bytes[length++] = one;
  }

  void clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = NONE;
    }
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.max(256, 2 * bytes.length)));
    }
  }
}
