package com.huntaze.rollout.proxy;

import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.GoldenRatioSequence;
import com.huntaze.rollout.traffic.ProviderSelector;
import com.huntaze.rollout.traffic.TrafficSplitter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The request path on one event loop: a server socket shared with its siblings, and connections to
 * both providers of its own. It splits by the newest snapshot that the event bus brought, and never
 * waits for the bus: when the judging path stops, the last snapshot stays in force.
 */
public final class ProxyVerticle extends VerticleBase {
  private final ProxySettings settings;
  private final TrafficSplitter splitter;
  private final RateLimits limits;
  private final Failover failover;
  private final WaitingPursuits waiting = new WaitingPursuits();
  private final ProxyMeters meters;
  private final BooleanSupplier ready;
  private final ClientConnections connections;
  private final InvalidRequests invalid;
  private final Map<Provider, UpstreamClient> upstreams = new EnumMap<>(Provider.class);
  private CanarySnapshot snapshot;
  private Resources resources;
  private HttpServer server;

  /**
   * @param keyless the process-wide sequence for requests without a user key
   * @param limits the process-wide rate limits of the client keys
   * @param failover the process-wide breakers and retry budget, and the policy
   * @param ready what {@code /readyz} answers
   */
  public ProxyVerticle(
      ProxySettings settings,
      GoldenRatioSequence keyless,
      RateLimits limits,
      Failover failover,
      ProxyMeters meters,
      BooleanSupplier ready) {
    this.settings = settings;
    this.splitter = new TrafficSplitter(settings.salt(), keyless);
    this.limits = limits;
    this.failover = failover;
    this.meters = meters;
    this.ready = ready;
    this.connections = new ClientConnections(settings.server(), meters.openConnections());
    this.invalid = new InvalidRequests(meters);
  }

  @Override
  public Future<?> start() {
    settings.upstreams().forEach(this::connect);
    resources =
        new Resources(
            vertx,
            settings.server(),
            new Admission(settings.server().maxInFlight(), new ApiKeys(settings.auth()), limits),
            Routing.of(settings),
            new Chooser(settings.mode(), new ProviderSelector(splitter)),
            upstreams,
            new Forwarding(new TrustedPeers(settings.server().trustedPeers())),
            failover,
            waiting,
            settings.identityEncoding(),
            meters);
    vertx
        .eventBus()
        .<CanarySnapshot>localConsumer(CanaryAddresses.SNAPSHOT, message -> apply(message.body()));
    waiting.listen(vertx);
    return vertx
        .eventBus()
        .<CanarySnapshot>request(CanaryAddresses.SNAPSHOT_GET, null)
        .compose(
            newest -> {
              apply(newest.body());
              return listen();
            });
  }

  /** The port that is listened on. */
  public int port() {
    return server.actualPort();
  }

  private void connect(Provider provider, UpstreamSettings upstream) {
    upstreams.put(
        provider, new UpstreamClient(vertx, provider, upstream, settings.loops(), meters));
  }

  /** Brings a snapshot in, whichever order the messages come in. */
  private void apply(CanarySnapshot newer) {
    snapshot = snapshot == null ? newer : snapshot.merge(newer);
    splitter.updatePercentage(snapshot.percentage());
  }

  private Future<HttpServer> listen() {
    connections.watch(vertx);
    server = vertx.createHttpServer(ListenOptions.of(settings.server()));
    return server
        // What is wrong with a connection is between the client and its socket.
        .exceptionHandler(ignored -> {})
        .connectionHandler(connections::opened)
        .invalidRequestHandler(invalid)
        .requestHandler(this::handle)
        .listen(ListenOptions.address(settings.server()));
  }

  private void handle(HttpServerRequest request) {
    if (InvalidRequests.ofUnknownVersion(request)) {
      invalid.handle(request);
      return;
    }
    if ("/readyz".equals(request.path())) {
      readyz(request.response());
    } else {
      new Exchange(resources, connections.of(request.connection()), request).begin();
    }
  }

  private void readyz(HttpServerResponse response) {
    boolean isReady = ready.getAsBoolean();
    response
        .setStatusCode(isReady ? 200 : 503)
        .putHeader("Content-Type", "text/plain")
        .end(isReady ? "ready\n" : "not ready\n");
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
