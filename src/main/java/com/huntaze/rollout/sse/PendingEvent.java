package com.huntaze.rollout.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The event whose blank line has not come yet.
 *
 * <p>An event with one data line that lies in one chunk is never copied: its data stays a slice of
 * the chunk until {@link #leaveChunk}.
 */
final class PendingEvent {
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};
  private static final byte[] NO_TYPE = {};

  private final ByteRun copied = new ByteRun();
  private byte[] slice;
  private int sliceFrom;
  private int sliceTo;
  private boolean hasData;
  private String type;
  private int size;

  /** The last type seen, so that a stream of equal types makes one string. */
  private byte[] lastTypeBytes = NO_TYPE;

  private String lastType;

  /** The bytes of all its lines so far, 0 when it has none. */
  int size() {
    return size;
  }

  /**
   * Adds a line that is neither empty nor a comment.
   *
   * @param stable whether the array keeps its content until {@link #leaveChunk}
   */
  void line(byte[] source, int from, int to, boolean stable) {
    size += to - from;
    if (isField(DATA, source, from, to)) {
      data(source, valueFrom(DATA, source, from, to), to, stable);
    } else if (isField(EVENT, source, from, to)) {
      type = typeOf(source, valueFrom(EVENT, source, from, to), to);
    }
  }

  private static boolean isField(byte[] name, byte[] source, int from, int to) {
    int end = from + name.length;
    return to >= end
        && (to == end || source[end] == ':')
        && Arrays.equals(name, 0, name.length, source, from, end);
  }

  private static int valueFrom(byte[] name, byte[] source, int from, int to) {
    int value = Math.min(to, from + name.length + 1);
    return value < to && source[value] == ' ' ? value + 1 : value;
  }

  private void data(byte[] source, int from, int to, boolean stable) {
    if (!hasData && stable) {
      slice = source;
      sliceFrom = from;
      sliceTo = to;
    } else {
      leaveChunk();
      if (hasData) {
        copied.append((byte) '\n');
      }
      copied.append(source, from, to);
    }
    hasData = true;
  }

  private String typeOf(byte[] source, int from, int to) {
    if (from == to) {
      return null;
    }
    if (!Arrays.equals(lastTypeBytes, 0, lastTypeBytes.length, source, from, to)) {
      lastTypeBytes = Arrays.copyOfRange(source, from, to);
      lastType = new String(lastTypeBytes, StandardCharsets.UTF_8);
    }
    return lastType;
  }

  /** The chunk's array will be reused: copies what is still needed of it. */
  void leaveChunk() {
    if (slice != null) {
      copied.append(slice, sliceFrom, sliceTo);
      slice = null;
    }
  }

  /** Reports the event, unless it has neither data nor type, and begins the next one. */
  void complete(SseListener listener) {
    if (slice != null) {
      listener.event(type, slice, sliceFrom, sliceTo);
    } else if (hasData || type != null) {
      listener.event(type, copied.bytes(), 0, copied.length());
    }
    clear();
  }

  /** Reports the event as too large, and forgets it. */
  void oversized(SseListener listener) {
    leaveChunk();
    int head = Math.min(SseFramer.HEAD_BYTES, copied.length());
    listener.oversized(type, copied.bytes(), 0, head);
    clear();
  }

  private void clear() {
    copied.clear();
    slice = null;
    hasData = false;
    type = null;
    size = 0;
  }
}
