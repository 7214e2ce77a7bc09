package com.huntaze.rollout.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clients' connections of one event loop: counts them against the process's limit, and closes
 * those that do not finish a request's head in time (slow headers) or are idle for too long.
 */
final class ClientConnections {
  private static final long SWEEP_MILLIS = 250;

  /** Longer than the 60 s after which load balancers drop an idle connection by default. */
  private static final Duration IDLE = Duration.ofSeconds(75);

  private long headNanos;
  private int maxConnections;
  private final Lifecycle lifecycle;
  private final AtomicInteger open;
  private final Map<HttpConnection, ClientConnection> connections = new HashMap<>();

  ClientConnections(ServerSettings settings, Lifecycle lifecycle, ProxyMeters meters) {
    this.lifecycle = lifecycle;
    configure(settings);
    open = meters.openConnections();
  }

  /** Other limits, for what happens from now on. */
  void configure(ServerSettings settings) {
    headNanos = settings.headerTimeout().toNanos();
    maxConnections = settings.maxConnections();
  }

  void watch(Vertx vertx) {
    vertx.setPeriodic(SWEEP_MILLIS, sweep -> sweep());
  }

  void opened(HttpConnection connection) {
    boolean refused = open.incrementAndGet() > maxConnections;
    ClientConnection client = new ClientConnection(connection, refused, System.nanoTime());
    connections.put(connection, client);
    ReadPace.apply(connection);
    connection.exceptionHandler(client::failed);
    connection.closeHandler(
        closed -> {
          open.decrementAndGet();
          connections.remove(connection);
        });
    if (ClientConnection.watched(connection) && connection instanceof ConnectionBase base) {
      base.channel().pipeline().addFirst(client);
      DecodedRequests.on(connection);
    }
  }

  ClientConnection of(HttpConnection connection) {
    return connections.get(connection);
  }

  /** The process cannot wait any longer: whoever is still served is told, and cut off. */
  void cut() {
    for (ClientConnection client : new ArrayList<>(connections.values())) {
      client.cut();
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    boolean draining = lifecycle.draining();
    // Closing changes the map.
    for (ClientConnection client : new ArrayList<>(connections.values())) {
      if (draining) {
        client.closeIfIdle();
      } else if (ClientConnection.watched(client.connection())) {
        client.sweep(now, headNanos, IDLE.toNanos());
      }
    }
  }
}
