package com.huntaze.rollout.route;

/** When a request of a route may be sent again. */
public enum Replay {
  /** At any time before the first content: repeating it changes nothing but the bill. */
  SAFE,
  /** Only when provably nothing of it was sent. */
  UNSENT
}
