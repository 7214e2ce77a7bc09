package com.huntaze.rollout.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * One listener of the event stream. It takes from the log what it can read, and is dropped when it
 * stands still or falls behind what the log keeps: nothing is buffered for it but the socket's own
 * queue.
 */
final class EventClient {
  private static final Buffer PING = Buffer.buffer(": ping\n\n");

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final EventLog log;
  private final Runnable dropped;
  private long next;
  private long nextAtPing = -1;
  private boolean gone;

  /**
   * @param next the number of the first event that it gets
   * @param dropped is told when it is hung up on
   */
  EventClient(HttpServerRequest request, EventLog log, long next, Runnable dropped) {
    this.request = request;
    this.response = request.response();
    this.log = log;
    this.next = next;
    this.dropped = dropped;
    response.drainHandler(drained -> pump());
  }

  /** Writes what the client has not read yet, as much as it takes. */
  void pump() {
    while (!gone && next <= log.last() && !response.writeQueueFull()) {
      if (next < log.first()) {
        drop();
        return;
      }
      response.write(log.frame(next++));
    }
    if (!gone && next < log.first()) {
      drop();
    }
  }

  /** Tells the client that the stream lives, or hangs up when it has read nothing since. */
  void ping() {
    if (gone) {
      return;
    }
    if (!response.writeQueueFull()) {
      response.write(PING);
    } else if (next == nextAtPing) {
      drop();
    }
    nextAtPing = next;
  }

  /** The request that it came with. */
  HttpServerRequest request() {
    return request;
  }

  /** Ends the stream, so that a client may come again elsewhere. */
  void end() {
    if (!gone) {
      gone = true;
      response.end();
    }
  }

  void left() {
    gone = true;
  }

  private void drop() {
    gone = true;
    dropped.run();
    // An orderly end would wait behind what the client does not read.
    request.connection().close();
  }
}
