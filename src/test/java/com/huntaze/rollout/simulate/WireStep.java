package com.huntaze.rollout.simulate;

import io.vertx.core.buffer.Buffer;

/** One thing that a faulty upstream does on a connection. */
sealed interface WireStep {
  /** Writes bytes. */
  record Send(Buffer bytes) implements WireStep {
    static Send of(String text) {
      return new Send(Buffer.buffer(text));
    }
  }

  /** Lets time pass; 0 = the next turn of the event loop. */
  record Wait(long millis) implements WireStep {}

  /** The end, when all has been said. */
  enum End implements WireStep {
    /** The next request may come. */
    NEXT,
    /** Silence for ever. */
    STALL,
    /** An orderly end. */
    CLOSE,
    /** A reset. */
    RESET
  }
}
