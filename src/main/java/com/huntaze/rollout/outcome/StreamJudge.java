package com.huntaze.rollout.outcome;

/**
 * Judges the events of one streamed answer: OpenAI chat completions, OpenAI Responses, Anthropic
 * messages; anything else is content of an unknown protocol.
 *
 * <p>Up to the first content every event is parsed. After it an event is scanned for the few words
 * that an error or an end must contain, and parsed only when one is there. Nothing is kept of an
 * event, and no data makes it throw. Not thread-safe: one per stream.
 */
public final class StreamJudge {
  /**
   * Judges one event, in the stream's order.
   *
   * @param type the {@code event:} field, or null
   * @param data holds the event's data from {@code from} to {@code to}; not changed, not kept
   */
  public EventKind event(String type, byte[] data, int from, int to) {
    throw new UnsupportedOperationException();
  }

  /**
   * Judges an event that was too large to be kept, by its type and the first bytes of its data: a
   * {@code response.completed} repeats the whole answer and may well be that large.
   */
  public EventKind oversized(String type, byte[] head, int from, int to) {
    throw new UnsupportedOperationException();
  }

  /** Whether an event of OpenAI, Responses or Anthropic was seen; their pings do not count. */
  public boolean recognised() {
    throw new UnsupportedOperationException();
  }

  /** Whether an event with content, or of an unknown kind, was seen. */
  public boolean contentSeen() {
    throw new UnsupportedOperationException();
  }

  /** Whether the provider told of an error. */
  public boolean errorSeen() {
    throw new UnsupportedOperationException();
  }

  /** Whether {@code [DONE]}, a finish reason or another event that ends an answer was seen. */
  public boolean terminalSeen() {
    throw new UnsupportedOperationException();
  }

  /**
   * Whether a clean end now is a truncation: an event was recognised and none was terminal. (Any
   * other clean end is a success.)
   */
  public boolean endedIncomplete() {
    throw new UnsupportedOperationException();
  }
}
