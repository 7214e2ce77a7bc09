package com.huntaze.rollout.sse;

/** Finds the parts of one stream, events or lines, in chunks that are cut anywhere. */
public interface StreamFramer {
  /**
   * Reads one chunk.
   *
   * @return the offset just after the last place of this chunk where no part is pending, or {@code
   *     from} when it has none
   */
  int feed(byte[] data, int from, int to);

  /** The stream has ended: a part that lacks only its end is reported. */
  void end();
}
