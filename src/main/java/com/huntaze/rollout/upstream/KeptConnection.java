package com.huntaze.rollout.upstream;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpClientRequestImpl;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.function.Consumer;

/**
 * One connection to a provider that is kept for the next request. It takes one request at a time;
 * Vert.x's own pool would do the same, with fifty objects for each request.
 *
 * <p>Decision 140 in {@code docs/decisions.md}.
 */
final class KeptConnection implements Handler<Void> {
  private final HttpClientConnection connection;
  private final ContextInternal context;
  private final HostAndPort authority;
  private final Consumer<KeptConnection> freed;

  /**
   * @param authority the provider's, which all its connections share
   * @param freed told each time that a request on it is over, whether it can take another or not
   */
  KeptConnection(
      HttpClientConnection connection, HostAndPort authority, Consumer<KeptConnection> freed) {
    this.connection = connection;
    this.context = connection.context();
    this.authority = authority;
    this.freed = freed;
  }

  /**
   * Tells whether it can take a request: it is open, serves none, and its provider is not likely to
   * close it by now.
   */
  boolean isFree() {
    return connection.activeStreams() == 0 && connection.isValid() && isOpen();
  }

  /** Tells whether it serves nobody and has done so for too long. */
  boolean isStale() {
    return connection.activeStreams() == 0 && !connection.isValid();
  }

  private boolean isOpen() {
    return !(connection instanceof ConnectionBase base) || base.channel().isActive();
  }

  void close() {
    connection.close();
  }

  /** Begins a request, of which nothing is sent yet. */
  Future<HttpClientRequest> ask(HttpMethod method, String uri) {
    Future<HttpClientStream> asked = connection.createStream(context);
    return asked.succeeded()
        ? Future.succeededFuture(on(asked.result(), method, uri))
        : asked.map(stream -> on(stream, method, uri));
  }

  private HttpClientRequest on(HttpClientStream stream, HttpMethod method, String uri) {
    HttpClientRequest request = new HttpClientRequestImpl(authority, connection, stream);
    stream.closeHandler(this);
    return request.setMethod(method).setURI(uri);
  }

  /** The request on it is over. */
  @Override
  public void handle(Void over) {
    freed.accept(this);
  }
}
