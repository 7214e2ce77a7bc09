package com.huntaze.rollout.client;

/** An exchange that is being served, as the connection sees it that its request came on. */
public interface OpenExchange {
  /** Tells whether all of the request has been read. */
  boolean read();

  /**
   * Hears of what the client has sent and nobody can read; the connection is about to be closed.
   */
  void clientFailed(Throwable cause);

  /** Ends the exchange at once: the process ends, and the client is told, whatever it has. */
  void shutDown();
}
