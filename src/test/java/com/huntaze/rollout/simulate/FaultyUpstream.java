package com.huntaze.rollout.simulate;

import com.huntaze.rollout.simulate.WireFault.Plain;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * An upstream on loopback that speaks HTTP/1.1 on a raw socket, and breaks it on demand: it
 * refuses, hangs, resets, stalls, cuts, slices and talks nonsense. Its fault is switched while it
 * runs, for all requests or for those of one {@code X-Correlation-ID}, so that many faults can be
 * tried at once. Without a fault it answers as the router or OpenAI would.
 */
public final class FaultyUpstream {
  private static final String HOST = "127.0.0.1";

  private final Vertx vertx;
  private final String name;
  private final WireLedger ledger = new WireLedger();
  private final Map<String, WireFault> planned = new ConcurrentHashMap<>();
  private volatile Function<String, WireFault> faults = id -> Plain.NONE;
  private NetServer server;
  private int port;

  private FaultyUpstream(Vertx vertx, String name) {
    this.vertx = vertx;
    this.name = name;
  }

  /**
   * Starts one on a free port.
   *
   * @param name stands in its answers
   */
  public static Future<FaultyUpstream> start(Vertx vertx, String name) {
    FaultyUpstream upstream = new FaultyUpstream(vertx, name);
    return upstream.listen().map(upstream);
  }

  /** Returns its URL, also after it began to refuse. */
  public String url() {
    return "http://" + HOST + ":" + port;
  }

  /** Returns the ledger of its requests. */
  public WireLedger ledger() {
    return ledger;
  }

  /**
   * Sets what is wrong with all requests from now on, but those that have a fault of their own.
   * {@link Plain#REFUSE} closes all its connections.
   *
   * @return completes when it is in force
   */
  public Future<Void> become(WireFault newFault) {
    faults = id -> newFault;
    if (newFault == Plain.REFUSE) {
      return close();
    }
    return server == null ? listen() : Future.succeededFuture();
  }

  /**
   * Sets what is wrong with each request from now on, by its correlation id, but for those that
   * have a fault of their own. Each attempt asks anew; one without an id has the empty one.
   */
  public void become(Function<String, WireFault> ofEach) {
    faults = ofEach;
  }

  /** Sets what is wrong with the requests of one correlation id. */
  public void plan(String correlationId, WireFault itsFault) {
    planned.put(correlationId, itsFault);
  }

  /** Stops listening and closes all connections. */
  public Future<Void> close() {
    NetServer closing = server;
    server = null;
    return closing == null ? Future.succeededFuture() : closing.close();
  }

  private WireFault faultOf(String correlationId) {
    WireFault itsOwn = planned.get(correlationId);
    return itsOwn == null ? faults.apply(correlationId) : itsOwn;
  }

  private Future<Void> listen() {
    NetServerOptions options =
        new NetServerOptions()
            .setHost(HOST)
            .setPort(port)
            .setReuseAddress(true)
            .setTcpNoDelay(true)
            .setAcceptBacklog(4_096);
    server = vertx.createNetServer(options);
    return server
        .connectHandler(
            socket -> new WireConnection(vertx, socket, name, ledger, this::faultOf).serve())
        .listen()
        .map(
            listening -> {
              port = listening.actualPort();
              return null;
            });
  }
}
