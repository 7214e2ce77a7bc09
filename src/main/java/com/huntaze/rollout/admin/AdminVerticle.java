package com.huntaze.rollout.admin;

import com.huntaze.rollout.quality.FeedbackBook;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operators' port: a listener of its own, apart from the data port. */
public final class AdminVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(AdminVerticle.class);
  private static final int IDLE_SECONDS = 60;

  private final AdminSettings settings;
  private final PrometheusMeterRegistry registry;
  private final FeedbackBook feedback;
  private final BooleanSupplier ready;
  private HttpServer server;

  /**
   * @param feedback what callers think of answers
   * @param ready what {@code /readyz} answers
   */
  public AdminVerticle(
      AdminSettings settings,
      PrometheusMeterRegistry registry,
      FeedbackBook feedback,
      BooleanSupplier ready) {
    this.settings = settings;
    this.registry = registry;
    this.feedback = feedback;
    this.ready = ready;
  }

  @Override
  public Future<?> start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setIdleTimeout(IDLE_SECONDS)
            .setHttp2ClearTextEnabled(false);
    server = vertx.createHttpServer(options);
    return server.requestHandler(router()).listen();
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  private Router router() {
    Router router = Router.router(vertx);
    router.route().failureHandler(AdminVerticle::unlessGone);
    AdminGuard guard = new AdminGuard(settings);
    router.route().handler(guard::checkHost);
    new HealthResource(ready).mount(router);
    router.route().handler(guard::checkToken);
    new MetricsResource(registry).mount(router);
    new CanaryResource(vertx.eventBus()).mount(router);
    new RolloutResource(vertx.eventBus()).mount(router);
    new ProvidersResource(vertx.eventBus()).mount(router);
    new CostsResource(vertx.eventBus()).mount(router);
    new FeedbackResource(feedback).mount(router);
    new AlertsResource(vertx.eventBus()).mount(router);
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

  private static void errors(Router router) {
    router.errorHandler(
        404,
        context ->
            Problem.send(context, 404, "nothing stands here (see GET /api/v1/canary, /metrics)"));
    router.errorHandler(
        413,
        context -> Problem.send(context, 413, "body: over %d bytes".formatted(JsonBody.MAX_BYTES)));
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
    return server == null ? Future.succeededFuture() : server.close();
  }
}
