package com.huntaze.rollout.proxy;

import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.client.ClientConnections;
import com.huntaze.rollout.client.ListenOptions;
import com.huntaze.rollout.http.Cors;
import com.huntaze.rollout.http.OwnOptions;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.settings.TlsSettings;
import com.huntaze.rollout.tls.CertificateWatch;
import com.huntaze.rollout.traffic.TrafficMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The request path on one event loop: a server socket shared with its siblings, and connections to
 * both providers of its own. It splits by the newest snapshot that the event bus brought, and never
 * waits for the bus: when the judging path stops, the last snapshot stays in force.
 */
public final class ProxyVerticle extends VerticleBase {
  /** Published within the process when a drain has lasted long enough: what is open is cut. */
  public static final String CUT = "rollout.proxy.cut";

  private static final long SNAPSHOT_MILLIS = 30_000;

  private final Shared first;
  private final ClientConnections connections;
  private final InvalidRequests invalid;
  private final List<CertificateWatch> certificates = new ArrayList<>();
  private ProxySettings settings;
  private RequestPath path;
  private HttpServer server;

  public ProxyVerticle(ProxySettings settings, Shared shared) {
    this.settings = settings;
    this.first = shared;
    this.connections =
        new ClientConnections(
            settings.server(), shared.lifecycle(), shared.memory(), shared.meters());
    this.invalid = new InvalidRequests(shared.meters(), shared.records());
  }

  @Override
  public Future<?> start() {
    path = new RequestPath(vertx, settings, first);
    first.bus().hear(CanaryAddresses.SNAPSHOT, CanarySnapshot.class, path::follow);
    first.bus().hear(CUT, JsonObject.class, message -> connections.cut());
    path.start();
    connections.watch(vertx, path::takeRefused);
    return first
        .bus()
        .<CanarySnapshot>ask(CanaryAddresses.SNAPSHOT_GET, null, SNAPSHOT_MILLIS)
        .onSuccess(path::follow)
        .compose(newest -> listen());
  }

  /**
   * Serves requests that begin from now on by other settings; those under way keep theirs. From any
   * thread. The address, the size of heads and whether TLS is spoken are the listener's, and stay.
   *
   * @return when it is so
   */
  public Future<Void> configure(ProxySettings newer, Shared shared) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        turn -> {
          settings = newer;
          connections.configure(newer.server());
          path.configure(newer, shared);
          Future.all(certificates.stream().map(CertificateWatch::follow).toList())
              .<Void>mapEmpty()
              .onComplete(done);
        });
    return done.future();
  }

  /** The orders and counts of this event loop's splitter, from any thread. */
  public TrafficMetrics split() {
    return path.split();
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  private Future<HttpServer> listen() {
    server = vertx.createHttpServer(ListenOptions.of(settings.server(), connections::secured));
    watch("the data port", true, () -> settings.server().tls(), this::renew);
    for (Provider provider : Provider.values()) {
      watch(
          "provider " + provider.label(),
          false,
          () -> path.upstream(provider).settings().tls(),
          tls -> path.renew(provider));
    }
    return server
        // What is wrong with a connection is between the client and its socket.
        .exceptionHandler(ignored -> {})
        .connectionHandler(connections::opened)
        .invalidRequestHandler(invalid)
        .requestHandler(this::handle)
        .listen(ListenOptions.address(settings.server(), first.freePortId()));
  }

  private void watch(
      String name,
      boolean listener,
      Supplier<TlsSettings> files,
      Function<TlsSettings, Future<Void>> update) {
    certificates.add(
        new CertificateWatch(vertx, first.files(), first.bus(), name, listener, files, update));
  }

  /** The files may have the same names as before, in which Vert.x would see no change. */
  private Future<Void> renew(TlsSettings tls) {
    return server
        .updateSSLOptions(
            ListenOptions.of(settings.server(), connections::secured).getSslOptions(), true)
        .mapEmpty();
  }

  private void handle(HttpServerRequest request) {
    if ("/readyz".equals(request.path())) {
      first.lifecycle().answer(request.response());
    } else if (OwnOptions.asked(request)) {
      OwnOptions.answer(request);
    } else if (Cors.answers(settings.server().cors(), request)) {
      Cors.answer(settings.server().cors(), request);
    } else {
      new Exchange(path.resources(), connections.of(request.connection()), request).begin();
    }
  }

  @Override
  public Future<?> stop() {
    certificates.forEach(CertificateWatch::end);
    path.end();
    return server == null ? Future.succeededFuture() : server.close();
  }
}
