package com.huntaze.rollout.admin;

import com.huntaze.rollout.settings.ListenException;
import com.huntaze.rollout.settings.ListenerSettings;
import com.huntaze.rollout.settings.TlsSettings;
import com.huntaze.rollout.tls.TlsOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener for health and metrics alone, so that the network of probes and scrapers need not
 * reach the port from which the rollout is steered. It keeps to the rules of that port: its TLS,
 * and its token for the metrics.
 */
final class ScrapeListener {
  private static final Logger log = LoggerFactory.getLogger(ScrapeListener.class);
  private static final String SETTING = "metrics.listener.port";

  /** Kubelets, load balancers and scrapers are some tens. */
  private static final int MOST_CONNECTIONS = 512;

  private final ListenerSettings settings;
  private final AdminConnections connections =
      new AdminConnections("the listener of the metrics", MOST_CONNECTIONS);
  private HttpServer server;

  ScrapeListener(ListenerSettings settings) {
    this.settings = settings;
  }

  /** Listens; a failure is a {@link ListenException}. */
  Future<Void> start(Vertx vertx, AdminParts parts, AdminGuard guard, HttpServerOptions like) {
    server =
        vertx
            .createHttpServer(at(like))
            .connectionHandler(connections::opened)
            .requestHandler(AdminRoutes.scraped(vertx, parts, guard, connections));
    return server
        .listen()
        .onSuccess(
            listening ->
                log.info(
                    "Health and metrics listen at {}:{}", settings.host(), server.actualPort()))
        .<Void>mapEmpty()
        .recover(
            failure ->
                Future.failedFuture(
                    new ListenException(SETTING, settings.host(), settings.port(), failure)));
  }

  private HttpServerOptions at(HttpServerOptions like) {
    return new HttpServerOptions(like).setHost(settings.host()).setPort(settings.port());
  }

  void sweep() {
    connections.sweep();
  }

  Future<Void> renew(TlsSettings tls) {
    return server
        .updateSSLOptions(TlsOptions.secure(new HttpServerOptions(), tls).getSslOptions(), true)
        .mapEmpty();
  }

  int port() {
    return server.actualPort();
  }

  Future<Void> close() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
