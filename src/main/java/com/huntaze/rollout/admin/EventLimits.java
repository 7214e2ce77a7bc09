package com.huntaze.rollout.admin;

/**
 * The bounds of the event stream.
 *
 * @param clients how many may listen at a time
 * @param events how many events are kept for those who come back
 * @param bytes how many bytes of events are kept
 * @param pingMillis time between two pings, which keep load balancers from closing the stream; a
 *     client that has taken nothing from one to the next is dropped
 */
record EventLimits(int clients, int events, long bytes, long pingMillis) {
  /** About ten minutes of events; 15 s are well below the 60 s of common load balancers. */
  static final EventLimits USUAL = new EventLimits(32, 1_500, 4L << 20, 15_000);
}
