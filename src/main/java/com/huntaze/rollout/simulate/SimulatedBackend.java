package com.huntaze.rollout.simulate;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;

/**
 * A real HTTP server that plays the AI router or the legacy backend: their paths, bodies and
 * errors, with the times of a model. The text of an answer says who served it. {@code GET
 * /__simulator} is the {@link Ledger} as JSON.
 *
 * <p>One instance is one listener on one event loop.
 */
public final class SimulatedBackend extends VerticleBase {
  /** More than any prompt; the real router has no limit of its own. */
  private static final int MAX_BODY_BYTES = 64 << 20;

  /** As much as the real router's HTTP parser takes. */
  private static final int MAX_HEAD_BYTES = 64 << 10;

  private final BackendProfile profile;
  private final Ledger ledger = new Ledger();
  private volatile Fault fault = Fault.none();
  private volatile int port;
  private SimulatedApi api;
  private HttpServer server;
  private long requests;

  /** A backend to deploy; {@link #start(Vertx, BackendProfile)} does that as well. */
  public SimulatedBackend(BackendProfile profile) {
    this.profile = Objects.requireNonNull(profile, "profile");
  }

  /** Starts a backend. Fails when the port cannot be bound. */
  public static Future<SimulatedBackend> start(Vertx vertx, BackendProfile profile) {
    SimulatedBackend backend = new SimulatedBackend(profile);
    return vertx.deployVerticle(backend).map(backend);
  }

  @Override
  public Future<?> start() {
    api = new SimulatedApi(vertx, ledger);
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(profile.host())
            .setPort(profile.port())
            .setHttp2ClearTextEnabled(false)
            .setHandle100ContinueAutomatically(true)
            .setMaxHeaderSize(MAX_HEAD_BYTES)
            .setMaxInitialLineLength(MAX_HEAD_BYTES);
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::count)
            .exceptionHandler(failure -> {})
            .requestHandler(this::handle);
    return server.listen().onSuccess(listening -> port = listening.actualPort());
  }

  /** Closes the listener and every connection at once: open requests count as aborted. */
  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  /** The port that it listens on; 0 before it is started. */
  public int port() {
    return port;
  }

  /** Returns its role. */
  public BackendProfile profile() {
    return profile;
  }

  /** Returns the ledger of its requests. */
  public Ledger ledger() {
    return ledger;
  }

  /** Returns its present fault. */
  public Fault fault() {
    return fault;
  }

  /** Changes what is wrong with it, from the next request on. Any thread may call this. */
  public void fault(Fault newFault) {
    fault = Objects.requireNonNull(newFault, "newFault");
  }

  /** Stops it like a crash, not like a drain. */
  public Future<Void> close() {
    return vertx.undeploy(deploymentID());
  }

  private void count(HttpConnection connection) {
    ledger.connectionOpened();
    connection.closeHandler(closed -> ledger.connectionClosed());
    // A peer that resets is in the ledger; without a handler each one would be a line in the log.
    connection.exceptionHandler(ignored -> {});
  }

  private void handle(HttpServerRequest request) {
    if (api.monitored(request)) {
      return;
    }
    Fault current = fault;
    Chance chance = Chance.of(profile.seed(), requests++);
    SimulatedPath path =
        SimulatedPath.of(request.path() == null ? "" : request.path(), request.query());
    // Drawn under every fault, so that a fault does not change the other draws.
    double draw = chance.uniform();
    boolean monitored = path.plain().equals(SimulatedApi.HEALTH);
    boolean fails = current.fails(draw) && !monitored;
    boolean hangs = current.hangs() && !monitored;
    boolean spoiled = current.spoils(draw) && !monitored;
    SimulatedExchange exchange =
        new SimulatedExchange(
            vertx, request, ledger, profile, path.errors(), current, chance, spoiled);
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() <= MAX_BODY_BYTES) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        end -> {
          if (body.length() > MAX_BODY_BYTES) {
            exchange.reject(Rejection.TOO_LARGE);
          } else if (fails) {
            exchange.after(
                exchange.tempo().quickMillis(), () -> exchange.reject(current.rejection()));
          } else if (!hangs) {
            api.serve(exchange, request.method().name(), path, body);
          }
        });
  }
}
