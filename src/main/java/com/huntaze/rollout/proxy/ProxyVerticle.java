package com.huntaze.rollout.proxy;

import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.ProviderSelector;
import com.huntaze.rollout.traffic.TrafficSplitter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.EnumMap;
import java.util.Map;

/**
 * The request path on one event loop: a server socket shared with its siblings, and connections to
 * both providers of its own. It splits by the newest snapshot that the event bus brought, and never
 * waits for the bus: when the judging path stops, the last snapshot stays in force.
 */
public final class ProxyVerticle extends VerticleBase {
  /** Published within the process when a drain has lasted long enough: what is open is cut. */
  public static final String CUT = "rollout.proxy.cut";

  private final ProxySettings settings;
  private final Shared shared;
  private final TrafficSplitter splitter;
  private final WaitingPursuits waiting = new WaitingPursuits();
  private final Observations observations;
  private final ClientConnections connections;
  private final InvalidRequests invalid;
  private final Map<Provider, UpstreamClient> upstreams = new EnumMap<>(Provider.class);
  private CanarySnapshot snapshot;
  private Resources resources;
  private HttpServer server;

  public ProxyVerticle(ProxySettings settings, Shared shared) {
    this.settings = settings;
    this.shared = shared;
    this.splitter = new TrafficSplitter(settings.salt(), shared.keyless());
    this.observations = new Observations(settings.thresholds(), shared.once());
    this.connections =
        new ClientConnections(settings.server(), shared.lifecycle(), shared.meters());
    this.invalid = new InvalidRequests(shared.meters(), shared.receipts());
  }

  @Override
  public Future<?> start() {
    settings.upstreams().forEach(this::connect);
    resources = resources();
    vertx
        .eventBus()
        .<CanarySnapshot>localConsumer(CanaryAddresses.SNAPSHOT, message -> apply(message.body()));
    vertx.eventBus().localConsumer(CUT, message -> connections.cut());
    waiting.listen(vertx);
    connections.watch(vertx);
    observations.start(vertx);
    return vertx
        .eventBus()
        .<CanarySnapshot>request(CanaryAddresses.SNAPSHOT_GET, null)
        .onSuccess(newest -> apply(newest.body()))
        .compose(newest -> listen());
  }

  private Resources resources() {
    ServerSettings limits = settings.server();
    Admission admission =
        new Admission(
            shared.lifecycle(),
            limits.maxInFlight(),
            new ApiKeys(settings.auth()),
            shared.limits());
    return new Resources(
        vertx,
        limits,
        admission,
        Routing.of(settings),
        new Chooser(settings.mode(), new ProviderSelector(splitter), shared.jobs()),
        upstreams,
        new Forwarding(new TrustedPeers(limits.trustedPeers())),
        shared.failover(),
        waiting,
        observations,
        shared.replayMemory(),
        shared.jobs(),
        settings.usage().identity(),
        new Billing(settings.prices(), settings.enrichUsage(), shared.meters()),
        shared.tracing(),
        shared.feedback(),
        shared.receipts(),
        shared.meters());
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  private void connect(Provider provider, UpstreamSettings upstream) {
    upstreams.put(
        provider, new UpstreamClient(vertx, provider, upstream, settings.loops(), shared.meters()));
  }

  /** Brings a snapshot in, whichever order the messages come in. */
  private void apply(CanarySnapshot newer) {
    snapshot = snapshot == null ? newer : snapshot.merge(newer);
    splitter.updatePercentage(snapshot.percentage());
    observations.follow(snapshot);
  }

  private Future<HttpServer> listen() {
    server = vertx.createHttpServer(ListenOptions.of(settings.server()));
    CertificateWatch.start(vertx, settings.server(), server);
    return server
        // What is wrong with a connection is between the client and its socket.
        .exceptionHandler(ignored -> {})
        .connectionHandler(connections::opened)
        .invalidRequestHandler(invalid)
        .requestHandler(this::handle)
        .listen(ListenOptions.address(settings.server()));
  }

  private void handle(HttpServerRequest request) {
    if ("/readyz".equals(request.path())) {
      readyz(request.response());
    } else if (OwnOptions.asked(request)) {
      OwnOptions.answer(request);
    } else {
      new Exchange(resources, connections.of(request.connection()), request).begin();
    }
  }

  private void readyz(HttpServerResponse response) {
    boolean ready = shared.lifecycle().ready();
    response
        .setStatusCode(ready ? 200 : 503)
        .putHeader("Content-Type", "text/plain")
        .end(ready ? "ready\n" : "not ready\n");
  }

  @Override
  public Future<?> stop() {
    observations.end();
    return server == null ? Future.succeededFuture() : server.close();
  }
}
