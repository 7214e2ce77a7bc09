package com.huntaze.rollout.admin;

import com.huntaze.rollout.settings.TlsSettings;
import com.huntaze.rollout.tls.CertificateWatch;
import com.huntaze.rollout.tls.TlsOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.Optional;

/** The operators' port: a listener of its own, apart from the data port. */
public final class AdminVerticle extends VerticleBase {
  private static final int IDLE_SECONDS = 60;

  private static final int HANDSHAKE_SECONDS = 5;
  private static final long SWEEP_MILLIS = 250;

  /** A connection takes some 10 kB, and with TLS several times as much. */
  private static final int MOST_CONNECTIONS = 4_096;

  private static final int MOST_CONNECTIONS_WITH_TLS = 1_024;

  private final AdminParts parts;
  private AdminSettings settings;
  private AdminGuard guard;
  private CertificateWatch certificates;
  private HttpServer server;
  private EventHub hub;
  private EventFeed feed;
  private final AdminConnections connections;
  private final Optional<ScrapeListener> scrape;

  public AdminVerticle(AdminParts parts) {
    this.parts = parts;
    this.settings = parts.settings();
    this.guard = new AdminGuard(settings);
    this.scrape = Optional.ofNullable(parts.scrape()).map(ScrapeListener::new);
    this.connections =
        new AdminConnections(settings.tls() == null ? MOST_CONNECTIONS : MOST_CONNECTIONS_WITH_TLS);
  }

  @Override
  public Future<?> start() {
    TrafficFigures traffic = new TrafficFigures(parts.activity());
    hub = new EventHub(vertx, EventLimits.USUAL, parts.registry());
    feed = new EventFeed(vertx, parts.bus(), hub, traffic);
    feed.start();
    server = vertx.createHttpServer(options()).connectionHandler(connections::opened);
    vertx.setPeriodic(SWEEP_MILLIS, sweep -> sweep());
    certificates =
        new CertificateWatch(
            vertx,
            parts.files(),
            parts.bus(),
            "the admin port",
            true,
            () -> settings.tls(),
            this::renew);
    return vertx
        .executeBlocking(WebFiles::read)
        .compose(files -> server.requestHandler(routes(files, traffic)).listen())
        .compose(
            ok ->
                scrape
                    .map(listener -> listener.start(vertx, parts, guard, options()))
                    .orElseGet(Future::succeededFuture));
  }

  private void sweep() {
    connections.sweep();
    scrape.ifPresent(ScrapeListener::sweep);
  }

  private Router routes(WebFiles files, TrafficFigures traffic) {
    return AdminRoutes.of(vertx, parts, guard, connections, hub, files, traffic);
  }

  private HttpServerOptions options() {
    HttpServerOptions plain =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setIdleTimeout(IDLE_SECONDS)
            .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
            .setHttp2ClearTextEnabled(false);
    return TlsOptions.secure(plain, settings.tls());
  }

  private Future<Void> renew(TlsSettings tls) {
    Future<Void> renewed = server.updateSSLOptions(options().getSslOptions(), true).mapEmpty();
    return scrape.map(listener -> renewed.compose(ok -> listener.renew(tls))).orElse(renewed);
  }

  /**
   * Lets in whom other settings let in, from any thread; the address stays.
   *
   * @return when it is so
   */
  public Future<Void> configure(AdminSettings newer) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        turn -> {
          settings = newer;
          guard.configure(newer);
          hub.keep(request -> !guard.asksFor(request));
          certificates.follow().onComplete(done);
        });
    return done.future();
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> stop() {
    certificates.end();
    feed.stop();
    hub.close();
    return Future.join(
        server.close(), scrape.map(ScrapeListener::close).orElseGet(Future::succeededFuture));
  }
}
