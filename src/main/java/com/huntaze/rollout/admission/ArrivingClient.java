package com.huntaze.rollout.admission;

/** The facts about a client's connection by which its requests are let in or refused. */
public interface ArrivingClient {
  /** Tells whether it came in over the limit on connections. */
  boolean refused();

  /**
   * Takes a request's head into account, and tells whether the heads are still in proportion to
   * what came.
   *
   * @param bytes the size of the head as HTTP/1.1 would write it
   */
  boolean allowsHead(long bytes);

  /** The key that its last request presented. */
  ApiKeys.Memo memo();
}
