package com.huntaze.rollout.sse;

/**
 * The receiver of what {@link SseFramer} finds in a stream, in the stream's order.
 *
 * <p>The arrays belong to the framer or to the caller of {@link SseFramer#feed}: a slice is valid
 * during the call only and must not be changed.
 */
public interface SseListener {
  /**
   * An event is complete.
   *
   * @param type the {@code event:} field, or null when there was none
   * @param data holds the {@code data:} lines, joined by {@code \n}
   * @param from where the data begins
   * @param to just after the data; equal to {@code from} when there is none
   */
  void event(String type, byte[] data, int from, int to);

  /** A comment line is complete; the slice is its text after the colon, cut at the limit. */
  default void comment(byte[] text, int from, int to) {}

  /**
   * The current event is larger than the limit; the rest of it is skipped, up to its end.
   *
   * @param type the {@code event:} field, or null when there was none so far
   * @param head holds the first bytes of the data, at most {@link SseFramer#HEAD_BYTES}
   */
  default void oversized(String type, byte[] head, int from, int to) {}
}
