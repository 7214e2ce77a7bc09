package com.huntaze.rollout.client;

import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.admission.Lifecycle;
import com.huntaze.rollout.http.ReadPace;
import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.tls.PlainListener;
import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/**
 * The clients' connections of one event loop: counts them against the process's limit, and closes
 * those that do not finish a request's head in time (slow headers) or are idle for too long.
 */
public final class ClientConnections {
  private static final long SWEEP_MILLIS = 250;

  /** Longer than the 60 s after which load balancers drop an idle connection by default. */
  private static final Duration IDLE = Duration.ofSeconds(75);

  /** Whoever has taken something within this time is not cut for others' sake. */
  private static final long STALLED_NANOS = 1_000_000_000;

  /** One a process, for what it tells once. */
  private static final PlainListener plain = new PlainListener("the data port", "server.tls");

  private final BufferMemory memory;

  /** Read by the event loops of its siblings, too. */
  private volatile long headNanos;

  private long writeNanos;
  private int maxConnections;
  private final Lifecycle lifecycle;
  private final AtomicInteger open;
  private final Map<HttpConnection, ClientConnection> connections = new HashMap<>();

  public ClientConnections(
      ServerSettings settings, Lifecycle lifecycle, BufferMemory memory, ProxyMeters meters) {
    this.lifecycle = lifecycle;
    this.memory = memory;
    configure(settings);
    open = meters.openConnections();
  }

  /** Other limits, for what happens from now on. */
  public void configure(ServerSettings settings) {
    headNanos = settings.headerTimeout().toNanos();
    writeNanos = settings.writeTimeout().toNanos();
    maxConnections = settings.maxConnections();
  }

  /**
   * Looks at the connections from now on.
   *
   * @param refused the requests that have found all connections to a provider in use since the last
   *     look
   */
  public void watch(Vertx vertx, ToIntFunction<Provider> refused) {
    vertx.setPeriodic(
        SWEEP_MILLIS,
        sweep -> {
          long now = System.nanoTime();
          sweep(now);
          giveUpForMemory(now);
          for (Provider provider : Provider.values()) {
            giveUpForOthers(now, provider, refused.applyAsInt(provider));
          }
        });
  }

  /** Takes a new connection in; the requests of one over the limit are refused. */
  public void opened(HttpConnection connection) {
    if (connections.containsKey(connection)) {
      // Vert.x tells of an HTTP/2 connection again with each of its client's settings.
      return;
    }
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
    client.stand();
    plain.opened(connection);
  }

  /** A channel whose TLS handshake is done, before anything that it carries is read. */
  public void secured(Channel channel) {
    Http2Arrival.on(channel, headNanos);
  }

  /** The state of a connection that is open; {@code null} = it has closed by now. */
  public ClientConnection of(HttpConnection connection) {
    return connections.get(connection);
  }

  /** The process cannot wait any longer: whoever is still served is told, and cut off. */
  public void cut() {
    for (ClientConnection client : new ArrayList<>(connections.values())) {
      client.cut();
    }
  }

  private void sweep(long now) {
    boolean draining = lifecycle.draining();
    // Closing changes the map.
    for (ClientConnection client : new ArrayList<>(connections.values())) {
      if (lifecycle.ending()) {
        // Before the last farewell: the number that it tells must not grow, RFC 9113 §6.8.
        client.announceEnd();
      }
      if (draining) {
        client.finish();
      } else {
        client.sweep(now, headNanos, IDLE.toNanos());
      }
      client.giveUpStalled(now, writeNanos);
    }
  }

  /** Memory is scarce: whoever has taken nothing for longest is cut, until enough is free. */
  private void giveUpForMemory(long now) {
    if (!memory.scarce()) {
      return;
    }
    for (ClientSink sink : longestStalled(now)) {
      if (!memory.scarce()) {
        return;
      }
      sink.giveUp();
    }
  }

  /**
   * All connections to a provider are in use: of the clients whose responses hold one, those that
   * have taken nothing for longest are cut.
   *
   * @param wanted the connections that are to become free
   */
  private void giveUpForOthers(long now, Provider provider, int wanted) {
    if (wanted > 0) {
      longestStalled(now).stream()
          .filter(sink -> sink.holds(provider))
          .limit(wanted)
          .forEach(ClientSink::giveUp);
    }
  }

  private List<ClientSink> longestStalled(long now) {
    return connections.values().stream()
        .flatMap(client -> client.sinks().stream())
        .filter(sink -> sink.stalledNanos(now) > STALLED_NANOS)
        .sorted(Comparator.comparingLong(sink -> -sink.stalledNanos(now)))
        .toList();
  }
}
