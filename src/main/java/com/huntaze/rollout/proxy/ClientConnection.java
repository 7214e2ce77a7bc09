package com.huntaze.rollout.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known about one client's connection. It also stands in front of the connection's decoder,
 * because only there is a head seen that has begun and does not end: Vert.x tells of a request when
 * its head is whole.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
  private final HttpConnection connection;
  private final boolean refused;
  private final ApiKeys.Memo memo = new ApiKeys.Memo();
  private Waiting waiting = Waiting.HEAD;
  private long since;
  private boolean closing;

  /** Those that are being served; more than one with HTTP/2. */
  private final Set<Exchange> exchanges = new HashSet<>();

  private enum Waiting {
    /** Nothing has come since the last answer. */
    IDLE,
    /** A head has begun, or the connection is new. */
    HEAD,
    /** A request is being served. */
    NOTHING
  }

  /**
   * @param refused whether it came in over the limit on connections
   */
  ClientConnection(HttpConnection connection, boolean refused, long nowNanos) {
    this.connection = connection;
    this.refused = refused;
    this.since = nowNanos;
  }

  HttpConnection connection() {
    return connection;
  }

  ApiKeys.Memo memo() {
    return memo;
  }

  boolean refused() {
    return refused;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (waiting == Waiting.IDLE) {
      waiting = Waiting.HEAD;
      since = System.nanoTime();
    }
    context.fireChannelRead(message);
  }

  void began(Exchange newExchange) {
    exchanges.add(newExchange);
    waiting = Waiting.NOTHING;
  }

  void ended(Exchange endedExchange) {
    exchanges.remove(endedExchange);
    if (exchanges.isEmpty()) {
      waiting = Waiting.IDLE;
      since = System.nanoTime();
    }
  }

  /** Something is wrong with what the client sends; the connection is about to be closed. */
  void failed(Throwable cause) {
    for (Exchange exchange : List.copyOf(exchanges)) {
      exchange.clientFailed(cause);
    }
  }

  /** Nobody is served on it, and nobody will be. */
  void closeIfIdle() {
    if (exchanges.isEmpty()) {
      connection.close();
    }
  }

  /**
   * Closes it at once, whatever its client has not taken yet: for that Vert.x waits without end. Of
   * HTTP/2 only a stream is broken, and a reset tells that.
   */
  void sever() {
    if (watched(connection) && connection instanceof ConnectionBase base) {
      ChannelHandlerContext place = base.channel().pipeline().context(this);
      // Without one it has closed by now.
      if (place != null) {
        place.close();
      }
    }
  }

  /** Ends what is being served on it, honestly. */
  void cut() {
    List.copyOf(exchanges).forEach(Exchange::shutDown);
  }

  /**
   * Closes the connection if it has kept us waiting for too long, and as long again after that if
   * its client has not taken the last answer.
   */
  void sweep(long nowNanos, long headNanos, long idleNanos) {
    long waited = nowNanos - since;
    boolean late =
        waiting == Waiting.HEAD && waited > headNanos
            || waiting == Waiting.IDLE && waited > idleNanos;
    if (late && closing) {
      sever();
    } else if (late) {
      closing = true;
      since = nowNanos;
      connection.close();
    }
  }

  static boolean watched(HttpConnection connection) {
    // Requests of one HTTP/2 connection overlap; its frames have a handshake and time-outs of
    // their own.
    return connection.protocolVersion() != HttpVersion.HTTP_2;
  }
}
