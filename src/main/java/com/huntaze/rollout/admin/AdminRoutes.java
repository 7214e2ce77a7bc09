package com.huntaze.rollout.admin;

import com.huntaze.rollout.bus.Bus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the admin port, and the guards before them. */
final class AdminRoutes {
  private static final Logger log = LoggerFactory.getLogger(AdminRoutes.class);
  private static final int LAST_WORD_MILLIS = 1_000;

  private AdminRoutes() {}

  /** All that the port answers; {@code openapi.json} tells the same, and a test compares them. */
  static Router of(
      Vertx vertx,
      AdminParts parts,
      AdminGuard guard,
      AdminConnections connections,
      EventHub hub,
      WebFiles files,
      TrafficFigures traffic) {
    Router router = open(vertx, parts, guard, connections);
    router.route().handler(guard::checkHost);
    new DashboardResource(files, parts.version(), guard::asksFor, parts.simulated()).mount(router);
    router.route().handler(guard::checkCaller);
    router.route().handler(connections::shown);
    Bus bus = parts.bus();
    new OpenApiResource(files.openApi()).mount(router);
    new CanaryResource(bus).mount(router);
    new RolloutResource(bus).mount(router);
    new ProvidersResource(bus).mount(router);
    new AboutResource(bus, parts.version()).mount(router);
    new ClusterResource(bus).mount(router);
    new HistoryResource(bus).mount(router);
    new SplitResource(bus, parts.split()).mount(router);
    new CostsResource(bus).mount(router);
    new FeedbackResource(bus, parts.feedback()).mount(router);
    new AlertsResource(bus).mount(router);
    new ConfigResource(bus).mount(router);
    new RequestsResource(bus, parts.activity()).mount(router);
    new EventsResource(hub).mount(router);
    if (parts.simulated()) {
      new SimulateResource(bus, traffic, hub).mount(router);
    }
    errors(router, "nothing stands here (see GET /api/v1/canary, /metrics)");
    return router;
  }

  /** The routes of a listener for probes and scrapers alone. */
  static Router scraped(
      Vertx vertx, AdminParts parts, AdminGuard guard, AdminConnections connections) {
    Router router = open(vertx, parts, guard, connections);
    errors(router, "nothing stands here (see GET /livez, /readyz, /metrics)");
    return router;
  }

  /** Health and metrics, which ask for no name of ours. */
  private static Router open(
      Vertx vertx, AdminParts parts, AdminGuard guard, AdminConnections connections) {
    Router router = Router.router(vertx);
    router.route().failureHandler(AdminRoutes::unlessGone);
    router.route().handler(connections::asked);
    router.route().handler(guard::checkPage);
    new HealthResource(parts.ready()).mount(router);
    router.route(MetricsResource.PATH).handler(guard::checkScraper);
    router.route(MetricsResource.PATH).handler(connections::shown);
    new MetricsResource(parts.registry()).mount(router);
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

  private static void errors(Router router, String missing) {
    router.errorHandler(404, context -> Problem.send(context, 404, missing));
    router.errorHandler(413, AdminRoutes::tooLarge);
    router.errorHandler(400, context -> Problem.send(context, 400, "the request is malformed"));
    router.errorHandler(
        500,
        context -> {
          log.error("Admin request failed", context.failure());
          Problem.send(context, 500, "the request failed; the log says why");
        });
  }
}
