package com.huntaze.rollout.sse;

/**
 * Finds the events of a server-sent event stream in chunks that are cut anywhere.
 *
 * <p>Lines end with LF, CR or CRLF, also when a CRLF is cut in two; a byte order mark at the start
 * is skipped. No input makes it throw. Not thread-safe: one per stream.
 *
 * <p>It differs from the standard in one thing: an event that has a type but no data is reported,
 * with empty data, because the SDKs of OpenAI and Anthropic do so and {@code event: error} matters.
 */
public final class SseFramer {
  /** The largest event by default: all its lines without their ends, comments not counted. */
  public static final int DEFAULT_MAX_EVENT_BYTES = 64 * 1024;

  /** How much of the data of an oversized event is reported. */
  public static final int HEAD_BYTES = 256;

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
    throw new UnsupportedOperationException();
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
   *     beginning of an event. It equals {@code to} exactly when {@link #atBoundary()}
   */
  public int feed(byte[] data, int from, int to) {
    throw new UnsupportedOperationException();
  }

  /** Whether no part of an event is pending, so that something may be put in between. */
  public boolean atBoundary() {
    throw new UnsupportedOperationException();
  }

  /**
   * The stream has ended: an event that lacks only its blank line is reported. (The standard drops
   * it, but servers exist that end with {@code data: [DONE]} and nothing more.)
   */
  public void end() {
    throw new UnsupportedOperationException();
  }
}
