package com.huntaze.rollout.cost;

/** Gives the JSON of a stream's parts to a scanner, which begins anew with each part. */
interface StreamData {
  /** Reads a piece, cut anywhere. The array is neither kept nor changed. */
  void feed(byte[] data, int from, int to);

  /** The stream is over: a part that lacks only its end has ended. */
  void end();

  /** Tells whether the part read last has come to its end, and none has begun since. */
  default boolean isBetweenParts() {
    return false;
  }

  /** The way in which the stream ends its lines. */
  default String lineEnd() {
    return "\n";
  }

  /** Told of each part that has ended. */
  interface Listener {
    /**
     * A part is over that says {@code [DONE]} and nothing else; told before it is told of as any
     * other.
     *
     * @param from the offset of its first byte
     */
    default void done(long from) {}

    /**
     * A part is over.
     *
     * @param from the offset of its first byte
     * @param to the offset after its end
     */
    void event(long from, long to);

    /**
     * The LF of the CRLF by which the part last told of ended is here; it came in the next piece.
     *
     * @param at its offset
     */
    void lineFeed(long at);
  }
}
