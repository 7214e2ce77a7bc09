package com.huntaze.rollout.admin;

import com.huntaze.rollout.tls.PlainListener;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections to the admin port. Nobody can lock an operator out by holding connections: those
 * that have shown the token have room of their own, and among the rest the oldest makes room for
 * the newcomer.
 *
 * <p>Strangers who come back at once would push an operator out before the request is read. So
 * everybody has a second, as long as their number can be afforded at all: what is over the usual
 * number goes at the next sweep after that second, and only what is over the largest number goes at
 * once.
 *
 * <p>Where no token is configured every local process is as good as the operator. Then a request
 * for more than health and the dashboard's files counts as shown, and in that room, too, somebody
 * makes way: who has been idle for longest, or else who has been served for longest.
 *
 * <p>Lives on one event loop.
 *
 * <p>Decision 76 in {@code docs/decisions.md}.
 */
final class AdminConnections {
  /** People, scrapers and 32 listeners are far fewer; each one more costs a file descriptor. */
  static final int USUAL_STRANGERS = 1_024;

  static final int USUAL_KNOWN = 256;

  private static final long GRACE_NANOS = 1_000_000_000L;
  private static final long FIRST_HEAD_NANOS = 5_000_000_000L;
  private static final long IDLE_NANOS = 60_000_000_000L;

  private final PlainListener plain;
  private final int most;

  /** In the order of their arrival. */
  private final Map<HttpConnection, Visitor> strangers = new LinkedHashMap<>();

  /** In the order in which they were last heard of. */
  private final Map<HttpConnection, Visitor> known = new LinkedHashMap<>();

  /** All, for their look-up. */
  private final Map<HttpConnection, Visitor> all = new HashMap<>();

  /** One connection; with HTTP/2 several requests are served on it at a time. */
  private static final class Visitor {
    /** The moment of its arrival, of its token, or of its last answer's end. */
    private long since;

    private boolean asked;
    private boolean shown;
    private int served;

    Visitor(long since) {
      this.since = since;
    }

    boolean late(long now) {
      return served == 0 && now - since > (asked ? IDLE_NANOS : FIRST_HEAD_NANOS);
    }
  }

  /** Those to the admin port itself. */
  AdminConnections(int most) {
    this("the admin port", most);
  }

  /**
   * @param listener what is listened on, for the log
   * @param most how many connections of either kind the process can afford, for however short a
   *     time
   */
  AdminConnections(String listener, int most) {
    this.plain = new PlainListener(listener, "admin.tls");
    this.most = most;
  }

  /** A connection is there; over TLS its handshake is done. */
  void opened(HttpConnection connection) {
    if (strangers.size() >= most) {
      sever(first(strangers));
    }
    Visitor visitor = new Visitor(System.nanoTime());
    strangers.put(connection, visitor);
    all.put(connection, visitor);
    connection.closeHandler(closed -> forget(connection));
    plain.opened(connection);
  }

  private void forget(HttpConnection connection) {
    all.remove(connection);
    strangers.remove(connection);
    known.remove(connection);
  }

  private static HttpConnection first(Map<HttpConnection, Visitor> connections) {
    return connections.keySet().iterator().next();
  }

  /** A request's head is whole. */
  void asked(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    Visitor visitor = all.get(connection);
    // Without one it has been closed by now.
    if (visitor != null) {
      visitor.asked = true;
      visitor.served++;
      context.addEndHandler(ended -> ended(connection, visitor));
      context.next();
    }
  }

  private void ended(HttpConnection connection, Visitor visitor) {
    visitor.served--;
    visitor.since = System.nanoTime();
    if (known.remove(connection) != null) {
      known.put(connection, visitor);
    }
  }

  /** A request has shown the token, or needs none. */
  void shown(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    Visitor visitor = all.get(connection);
    if (visitor != null && !visitor.shown) {
      visitor.shown = true;
      visitor.since = System.nanoTime();
      if (known.size() >= most) {
        sever(leastNeeded());
      }
      strangers.remove(connection);
      known.put(connection, visitor);
    }
    context.next();
  }

  private HttpConnection leastNeeded() {
    for (Map.Entry<HttpConnection, Visitor> each : known.entrySet()) {
      if (each.getValue().served == 0) {
        return each.getKey();
      }
    }
    return first(known);
  }

  /** Closes those that have not asked in time, and the oldest of too many strangers. */
  void sweep() {
    long now = System.nanoTime();
    while (strangers.size() > USUAL_STRANGERS && had(strangers, first(strangers), now)) {
      sever(first(strangers));
    }
    while (known.size() > USUAL_KNOWN && had(known, leastNeeded(), now)) {
      sever(leastNeeded());
    }
    for (Map.Entry<HttpConnection, Visitor> each : new ArrayList<>(all.entrySet())) {
      if (each.getValue().late(now)) {
        sever(each.getKey());
      }
    }
  }

  /** Returns whether a connection has had the time that everybody has. */
  private static boolean had(
      Map<HttpConnection, Visitor> connections, HttpConnection connection, long now) {
    return now - connections.get(connection).since > GRACE_NANOS;
  }

  /**
   * Closes it at once. An orderly end would wait for a client that reads nothing; from in front of
   * the first handler a close goes to the socket alone.
   */
  private void sever(HttpConnection connection) {
    forget(connection);
    if (connection instanceof ConnectionBase base) {
      ChannelHandlerContext first = base.channel().pipeline().firstContext();
      if (first != null) {
        first.close();
        return;
      }
    }
    connection.close();
  }
}
