package com.huntaze.rollout.telemetry;

/** A place for the lines of the access log. Used by one thread. */
interface LineOutput {
  /** Writes a line, which may wait for {@link #flush}. Its bytes are used again afterwards. */
  void write(JsonLine line);

  /** Writes what waits. */
  void flush();
}
