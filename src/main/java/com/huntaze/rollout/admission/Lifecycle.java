package com.huntaze.rollout.admission;

import io.vertx.core.http.HttpServerResponse;

/**
 * The state of the process between its start and its end. Read by every request, written by one
 * thread.
 */
public final class Lifecycle {
  private volatile boolean ready;
  private volatile boolean ending;
  private volatile boolean draining;

  /** Returns whether requests are welcome: what {@code /readyz} answers. */
  public boolean ready() {
    return ready;
  }

  /** Returns whether new requests are refused because the process is about to end. */
  public boolean draining() {
    return draining;
  }

  /** Returns whether the end has been asked for. */
  public boolean ending() {
    return ending;
  }

  /** All is up. */
  public void opened() {
    ready = true;
  }

  /** The end has been asked for: load balancers are told, requests are still taken. */
  public void leaving() {
    ready = false;
    ending = true;
  }

  /** From now on new requests are refused. */
  public void drained() {
    ready = false;
    ending = true;
    draining = true;
  }

  /** Answers {@code /readyz}. */
  public void answer(HttpServerResponse response) {
    boolean ready = ready();
    response
        .setStatusCode(ready ? 200 : 503)
        .putHeader("Content-Type", "text/plain")
        .end(ready ? "ready\n" : "not ready\n");
  }
}
