package com.huntaze.rollout.route;

/** The repetition that a route allows for its requests. */
public enum Replay {
  /** At any time before the first content: repeating it changes nothing but the bill. */
  SAFE,
  /** Only when provably nothing of it was sent. */
  UNSENT
}
