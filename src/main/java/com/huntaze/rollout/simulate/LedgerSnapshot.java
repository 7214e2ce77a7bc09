package com.huntaze.rollout.simulate;

import io.vertx.core.json.JsonObject;

/**
 * The requests that a simulated backend has seen up to one moment. {@code GET /__simulator} itself
 * is not counted as a request; its connection is.
 *
 * @param received requests whose head arrived
 * @param completed answers written to their end
 * @param aborted requests whose client left before the end of the answer
 * @param connections connections accepted
 * @param openConnections connections open now
 */
public record LedgerSnapshot(
    long received, long completed, long aborted, long connections, long openConnections) {

  static final LedgerSnapshot EMPTY = new LedgerSnapshot(0, 0, 0, 0, 0);

  /** Requests that are neither completed nor aborted. */
  public long openRequests() {
    return received - completed - aborted;
  }

  LedgerSnapshot plusReceived() {
    return new LedgerSnapshot(received + 1, completed, aborted, connections, openConnections);
  }

  LedgerSnapshot plusCompleted() {
    return new LedgerSnapshot(received, completed + 1, aborted, connections, openConnections);
  }

  LedgerSnapshot plusAborted() {
    return new LedgerSnapshot(received, completed, aborted + 1, connections, openConnections);
  }

  LedgerSnapshot plusConnection() {
    return new LedgerSnapshot(received, completed, aborted, connections + 1, openConnections + 1);
  }

  LedgerSnapshot minusConnection() {
    return new LedgerSnapshot(received, completed, aborted, connections, openConnections - 1);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("received", received)
        .put("completed", completed)
        .put("aborted", aborted)
        .put("openRequests", openRequests())
        .put("connections", connections)
        .put("openConnections", openConnections);
  }
}
