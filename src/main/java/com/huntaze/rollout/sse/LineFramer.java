package com.huntaze.rollout.sse;

/**
 * Finds the lines of a stream of JSON lines in chunks that are cut anywhere, and reports each one
 * as an event without a type; lines of white space alone are none.
 *
 * <p>Lines end with LF. The record separator before each text of a JSON text sequence (RFC 7464) is
 * not reported; a text of several lines is reported as several. No input makes it throw, and it
 * keeps at most one line. Not thread-safe: one per stream.
 */
public final class LineFramer implements StreamFramer {
  private static final byte RECORD_SEPARATOR = 0x1E;

  private final SseListener listener;
  private final int max;

  /** The beginning of a line, from earlier chunks. */
  private final ByteRun line = new ByteRun();

  private boolean skipping;

  /** A framer whose lines have at most {@link SseFramer#DEFAULT_MAX_EVENT_BYTES}. */
  public LineFramer(SseListener listener) {
    this(listener, SseFramer.DEFAULT_MAX_EVENT_BYTES);
  }

  /**
   * @param listener is told of lines, from within {@link #feed}
   * @param maxLineBytes the largest line that is reported whole, in bytes
   * @throws IllegalArgumentException if {@code maxLineBytes} is below 1
   */
  public LineFramer(SseListener listener, int maxLineBytes) {
    if (maxLineBytes < 1) {
      throw new IllegalArgumentException("maxLineBytes: " + maxLineBytes + " (expected: 1..)");
    }
    this.listener = listener;
    this.max = maxLineBytes;
  }

  @Override
  public int feed(byte[] data, int from, int to) {
    int at = from;
    int boundary = from;
    while (at < to) {
      int end = lineEnd(data, at, to);
      if (end == to) {
        keep(data, at, to);
        break;
      }
      endLine(data, at, end);
      at = end + 1;
      boundary = at;
    }
    return boundary;
  }

  @Override
  public void end() {
    endLine(line.bytes(), 0, 0);
  }

  private static int lineEnd(byte[] data, int from, int to) {
    int at = from;
    while (at < to && data[at] != '\n') {
      at++;
    }
    return at;
  }

  private void keep(byte[] data, int from, int to) {
    if (skipping) {
      return;
    }
    int room = max + 1 - line.length();
    line.append(data, from, Math.min(to, from + room));
    if (line.length() > max) {
      oversized(line.bytes(), 0, line.length());
      line.clear();
      skipping = true;
    }
  }

  private void endLine(byte[] data, int from, int end) {
    if (!skipping && line.length() == 0) {
      report(data, from, end);
    } else {
      keep(data, from, end);
      if (!skipping) {
        report(line.bytes(), 0, line.length());
      }
      line.clear();
    }
    skipping = false;
  }

  private void report(byte[] data, int from, int to) {
    int begin = pastBlank(data, from, to);
    if (to - begin > max) {
      oversized(data, begin, to);
    } else if (begin < to) {
      listener.event(null, data, begin, to);
    }
  }

  private void oversized(byte[] data, int from, int to) {
    int begin = pastBlank(data, from, to);
    listener.oversized(null, data, begin, Math.min(to, begin + SseFramer.HEAD_BYTES));
  }

  private static int pastBlank(byte[] data, int from, int to) {
    int at = from;
    while (at < to && isBlank(data[at])) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == RECORD_SEPARATOR;
  }
}
