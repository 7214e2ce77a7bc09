package com.huntaze.rollout.sse;

/**
 * Finds the events of a server-sent event stream in chunks that are cut anywhere.
 *
 * <p>Lines end with LF, CR or CRLF, also when a CRLF is cut in two; a byte order mark at the start
 * is skipped. No input makes it throw. Not thread-safe: one per stream.
 *
 * <p>It differs from the standard in one thing: an event that has a type but no data is reported,
 * with empty data, because the SDKs of OpenAI and Anthropic do so and {@code event: error} matters.
 *
 * <p>Decision 13 in {@code docs/decisions.md}.
 */
public final class SseFramer implements StreamFramer {
  /** The largest event by default: all its lines without their ends, comments not counted. */
  public static final int DEFAULT_MAX_EVENT_BYTES = 64 * 1024;

  /** The number of bytes of an oversized event's data that are reported. */
  public static final int HEAD_BYTES = 256;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /**
   * The bytes that are needed of a line whose first bytes only fit into the limit: its name and the
   * head.
   */
  private static final int CUT_LINE = HEAD_BYTES + "data: ".length();

  private final SseListener listener;
  private final int max;
  private final PendingEvent event = new PendingEvent();

  /** The beginning of a line, from earlier chunks. */
  private final ByteRun line = new ByteRun();

  private int markBytes;
  private boolean afterCr;
  private boolean skipping;
  private boolean skippedLineBegun;

  /** A framer with the default limit. */
  public SseFramer(SseListener listener) {
    this(listener, DEFAULT_MAX_EVENT_BYTES);
  }

  /**
   * @param listener is told of events and comments, from within {@link #feed}
   * @param maxEventBytes the largest event that is reported whole
   * @throws IllegalArgumentException if {@code maxEventBytes} is below 1
   */
  public SseFramer(SseListener listener, int maxEventBytes) {
    if (maxEventBytes < 1) {
      throw new IllegalArgumentException("maxEventBytes: " + maxEventBytes + " (expected: 1..)");
    }
    this.listener = listener;
    this.max = maxEventBytes;
  }

  /**
   * Reads one chunk.
   *
   * <p>A boundary is a place where no part of an event is pending: after an event's blank line,
   * after any other blank line, and after a comment line between two events. A CR that ends a chunk
   * already makes a boundary; if the next chunk begins with its LF, that moves one byte on.
   *
   * @return the offset just after the last boundary of this chunk, or {@code from} when it has
   *     none. With {@code r} returned, all up to {@code r} may be passed on; {@code r..to} is the
   *     beginning of an event, unless that is oversized and being skipped. Of a chunk that is not
   *     empty, {@code to} is returned exactly when {@link #atBoundary()}
   */
  @Override
  public int feed(byte[] data, int from, int to) {
    int at = begin(data, from, to);
    int boundary = atBoundary() ? at : from;
    while (at < to) {
      int end = lineEnd(data, at, to);
      if (end == to) {
        keep(data, at, to);
        break;
      }
      endLine(data, at, end);
      at = pastLineEnd(data, end, to);
      boundary = atBoundary() ? at : boundary;
    }
    event.leaveChunk();
    return boundary;
  }

  /** Returns whether no part of an event is pending, so that something may be put in between. */
  public boolean atBoundary() {
    return !skipping && line.length() == 0 && event.size() == 0 && !insideMark();
  }

  /**
   * The stream has ended: an event that lacks only its blank line is reported. (The standard drops
   * it, but servers exist that end with {@code data: [DONE]} and nothing more.)
   */
  @Override
  public void end() {
    if (line.length() > 0) {
      endLine(line.bytes(), 0, 0);
    }
    skipping = false;
    event.complete(listener);
  }

  /** Skips the LF of a CRLF that was cut in two, and a byte order mark. */
  private int begin(byte[] data, int from, int to) {
    int at = from;
    if (afterCr && at < to) {
      afterCr = false;
      return data[at] == '\n' ? at + 1 : at;
    }
    while (markBytes < BYTE_ORDER_MARK.length && at < to) {
      if (data[at] == BYTE_ORDER_MARK[markBytes]) {
        markBytes++;
        at++;
      } else {
        // It was none: what looked like one belongs to the first line.
        line.append(BYTE_ORDER_MARK, 0, markBytes);
        markBytes = BYTE_ORDER_MARK.length;
      }
    }
    return at;
  }

  private boolean insideMark() {
    return markBytes > 0 && markBytes < BYTE_ORDER_MARK.length;
  }

  private static int lineEnd(byte[] data, int from, int to) {
    int at = from;
    while (at < to && data[at] != '\n' && data[at] != '\r') {
      at++;
    }
    return at;
  }

  private int pastLineEnd(byte[] data, int end, int to) {
    if (data[end] == '\n') {
      return end + 1;
    }
    if (end + 1 == to) {
      afterCr = true;
      return to;
    }
    return data[end + 1] == '\n' ? end + 2 : end + 1;
  }

  /** Keeps a line's bytes until the chunk with its end comes. */
  private void keep(byte[] data, int from, int to) {
    if (skipping) {
      skippedLineBegun |= to > from;
    } else if (firstByte(data, from) == ':') {
      line.append(data, from, (int) Math.min(to, from + max + 1L - line.length()));
    } else if (tooLarge(line.length() + to - from)) {
      reportOversized(data, from, to);
      skippedLineBegun = true;
    } else {
      line.append(data, from, to);
    }
  }

  private byte firstByte(byte[] data, int from) {
    return line.length() > 0 ? line.bytes()[0] : data[from];
  }

  private void endLine(byte[] data, int from, int end) {
    if (skipping) {
      skipping = skippedLineBegun || from < end;
      skippedLineBegun = false;
    } else if (line.length() == 0) {
      wholeLine(data, from, end, true);
    } else {
      keep(data, from, end);
      skippedLineBegun = false;
      if (!skipping) {
        wholeLine(line.bytes(), 0, line.length(), false);
        line.clear();
      }
    }
  }

  private void wholeLine(byte[] data, int from, int to, boolean stable) {
    if (from == to) {
      event.complete(listener);
    } else if (data[from] == ':') {
      listener.comment(data, from + 1, (int) Math.min(to, from + 1L + max));
    } else if (tooLarge(to - from)) {
      reportOversized(data, from, to);
    } else {
      event.line(data, from, to, stable);
    }
  }

  private boolean tooLarge(int more) {
    return more > max - event.size();
  }

  /** Reports the same head wherever the chunks are cut: of this line only what the limit leaves. */
  private void reportOversized(byte[] data, int from, int to) {
    int room = Math.min(CUT_LINE, max - event.size());
    int more = Math.max(0, Math.min(to - from, room - line.length()));
    line.append(data, from, from + more);
    event.line(line.bytes(), 0, Math.min(room, line.length()), false);
    line.clear();
    event.oversized(listener);
    skipping = true;
  }
}
