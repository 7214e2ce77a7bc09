package com.huntaze.rollout.admin;

import com.huntaze.rollout.settings.TlsSettings;
import com.huntaze.rollout.tls.CertificateWatch;
import com.huntaze.rollout.tls.TlsOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpClosedException;
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

  private final AdminParts parts;
  private AdminSettings settings;
  private AdminGuard guard;
  private CertificateWatch certificates;
  private HttpServer server;
  private EventHub hub;
  private EventFeed feed;

  public AdminVerticle(AdminParts parts) {
    this.parts = parts;
    this.settings = parts.settings();
    this.guard = new AdminGuard(settings);
  }

  @Override
  public Future<?> start() {
    TrafficFigures traffic = new TrafficFigures(parts.activity());
    hub = new EventHub(vertx, EventLimits.USUAL, parts.registry());
    feed = new EventFeed(vertx, hub, traffic);
    feed.start();
    server = vertx.createHttpServer(options());
    certificates =
        new CertificateWatch(vertx, "the admin port", true, () -> settings.tls(), this::renew);
    return vertx
        .executeBlocking(WebFiles::read)
        .compose(files -> server.requestHandler(router(files, traffic)).listen());
  }

  private HttpServerOptions options() {
    HttpServerOptions plain =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setIdleTimeout(IDLE_SECONDS)
            .setHttp2ClearTextEnabled(false);
    return TlsOptions.secure(plain, settings.tls());
  }

  private Future<Void> renew(TlsSettings tls) {
    return server.updateSSLOptions(options().getSslOptions(), true).mapEmpty();
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
          boolean otherFiles = newer.tls() != null && !newer.tls().equals(settings.tls());
          settings = newer;
          guard.configure(newer);
          (otherFiles ? renew(newer.tls()) : Future.<Void>succeededFuture()).onComplete(done);
        });
    return done.future();
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  private Router router(WebFiles files, TrafficFigures traffic) {
    Router router = Router.router(vertx);
    router.route().failureHandler(AdminVerticle::unlessGone);
    router.route().handler(guard::checkHost);
    new HealthResource(parts.ready()).mount(router);
    new DashboardResource(
            files, parts.version(), () -> !settings.token().isEmpty(), parts.simulated())
        .mount(router);
    router.route().handler(guard::checkToken);
    EventBus bus = vertx.eventBus();
    new MetricsResource(parts.registry()).mount(router);
    new CanaryResource(bus).mount(router);
    new RolloutResource(bus).mount(router);
    new ProvidersResource(bus).mount(router);
    new CostsResource(bus).mount(router);
    new FeedbackResource(parts.feedback()).mount(router);
    new AlertsResource(bus).mount(router);
    new ConfigResource(bus).mount(router);
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
    certificates.end();
    feed.stop();
    hub.close();
    return server.close();
  }
}
