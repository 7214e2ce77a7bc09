package com.huntaze.rollout.client;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * The word that a client may wait for before it sends a body (RFC 9110 §10.1.1). Without it the
 * body may come or not: of what comes next on the connection nobody could tell whether it is that
 * or another request.
 */
public final class Expectation {
  private final HttpServerRequest request;
  private boolean met;

  public Expectation(HttpServerRequest request) {
    this.request = request;
  }

  /** Tells the client to send the body, if it waits for that. */
  public void meet() {
    if (isOpen()) {
      met = true;
      request.response().writeContinue();
    }
  }

  /** Tells whether the client waits, and has not been told to go on. */
  public boolean isOpen() {
    return !met && request.headers().contains(HttpHeaders.EXPECT);
  }
}
