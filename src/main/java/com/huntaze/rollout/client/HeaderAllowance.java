package com.huntaze.rollout.client;

/**
 * Bounds what header fields by reference (RFC 7541 §2.3.2) can cost: a client that has sent a long
 * field once sends it again with a byte, and a provider gets all of it each time. Over a
 * connection's life the heads of its requests may be a hundred times what the client has sent, and
 * a megabyte more, so that no honest client meets the bound: a request with four kilobytes of
 * cookies and tokens by reference takes it about forty bytes of its own.
 *
 * <p>Decision 81 in {@code docs/decisions.md}.
 */
final class HeaderAllowance {
  private static final long RATIO = 100;
  private static final long FREE_BYTES = 1 << 20;

  private long heads;

  /**
   * Counts a request's head.
   *
   * @param head its bytes as HTTP/1.1 would have them
   * @param received all bytes that the client has sent on the connection
   * @return whether it is in proportion; if not it is not counted
   */
  boolean allows(long head, long received) {
    boolean allowed = heads + head <= FREE_BYTES + RATIO * received;
    heads += allowed ? head : 0;
    return allowed;
  }
}
