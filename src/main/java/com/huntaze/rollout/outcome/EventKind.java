package com.huntaze.rollout.outcome;

/** The kind of an event of a streamed answer, for holding back and for judging. */
public enum EventKind {
  /** Comes before content: the client's head may still be held back. */
  PREAMBLE,
  /** Content, or an event of an unknown kind, which is taken for it. */
  CONTENT,
  /** The provider tells of an error inside its 200. */
  ERROR,
  /** The answer is complete with this event; it may hold content too. */
  TERMINAL;

  /**
   * Returns whether the client's head goes with this event: the answer cannot be replaced any more.
   */
  public boolean commits() {
    return this == CONTENT || this == TERMINAL;
  }
}
