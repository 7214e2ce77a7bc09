package com.huntaze.rollout.admin;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operators' port: a listener of its own, apart from the data port. */
public final class AdminVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(AdminVerticle.class);
  private static final int IDLE_SECONDS = 60;
  private static final int LAST_WORD_MILLIS = 1_000;

  /** People, scrapers and 32 listeners are far fewer; each one more costs a file descriptor. */
  private static final int MOST_CONNECTIONS = 1_024;

  private final AdminParts parts;
  private HttpServer server;
  private EventHub hub;
  private EventFeed feed;
  private int connections;

  public AdminVerticle(AdminParts parts) {
    this.parts = parts;
  }

  @Override
  public Future<?> start() {
    TrafficFigures traffic = new TrafficFigures(parts.activity());
    hub = new EventHub(vertx, EventLimits.USUAL, parts.registry());
    feed = new EventFeed(vertx, hub, traffic);
    feed.start();
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(parts.settings().host())
            .setPort(parts.settings().port())
            .setIdleTimeout(IDLE_SECONDS)
            .setHttp2ClearTextEnabled(false);
    server = vertx.createHttpServer(options).connectionHandler(this::connected);
    return vertx
        .executeBlocking(WebFiles::read)
        .compose(files -> server.requestHandler(router(files, traffic)).listen());
  }

  /** One event loop has them all. */
  private void connected(HttpConnection connection) {
    connections++;
    connection.closeHandler(closed -> connections--);
    if (connections > MOST_CONNECTIONS) {
      connection.close();
    }
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  private Router router(WebFiles files, TrafficFigures traffic) {
    return router(vertx, parts, hub, files, traffic);
  }

  /** All that the port answers; {@code openapi.json} tells the same, and a test compares them. */
  static Router router(
      Vertx vertx, AdminParts parts, EventHub hub, WebFiles files, TrafficFigures traffic) {
    Router router = Router.router(vertx);
    router.route().failureHandler(AdminVerticle::unlessGone);
    AdminGuard guard = new AdminGuard(parts.settings());
    router.route().handler(guard::checkHost);
    new HealthResource(parts.ready()).mount(router);
    new DashboardResource(
            files, parts.version(), !parts.settings().token().isEmpty(), parts.simulated())
        .mount(router);
    router.route().handler(guard::checkToken);
    EventBus bus = vertx.eventBus();
    new OpenApiResource(files.openApi()).mount(router);
    new MetricsResource(parts.registry()).mount(router);
    new CanaryResource(bus).mount(router);
    new RolloutResource(bus).mount(router);
    new ProvidersResource(bus).mount(router);
    new CostsResource(bus).mount(router);
    new FeedbackResource(parts.feedback()).mount(router);
    new AlertsResource(bus).mount(router);
    new RequestsResource(parts.activity()).mount(router);
    new EventsResource(hub).mount(router);
    if (parts.simulated()) {
      new SimulateResource(bus, traffic, hub).mount(router);
    }
    errors(router);
    return router;
  }

  /** A client that hangs up within its body is no fault of ours, and nothing for the log. */
  private static void unlessGone(RoutingContext context) {
    Throwable failure = context.failure();
    if (!(failure instanceof HttpClosedException || failure instanceof IOException)) {
      context.next();
    }
  }

  /** A body may go on for ever: it is hung up on, a moment after it was told why. */
  private static void tooLarge(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    Problem.send(context, 413, "body: over %d bytes".formatted(JsonBody.MAX_BYTES));
    context.vertx().setTimer(LAST_WORD_MILLIS, over -> context.request().connection().close());
  }

  private static void errors(Router router) {
    router.errorHandler(
        404,
        context ->
            Problem.send(context, 404, "nothing stands here (see GET /api/v1/canary, /metrics)"));
    router.errorHandler(413, AdminVerticle::tooLarge);
    router.errorHandler(400, context -> Problem.send(context, 400, "the request is malformed"));
    router.errorHandler(
        500,
        context -> {
          log.error("Admin request failed", context.failure());
          Problem.send(context, 500, "the request failed; the log says why");
        });
  }

  @Override
  public Future<?> stop() {
    feed.stop();
    hub.close();
    return server.close();
  }
}
