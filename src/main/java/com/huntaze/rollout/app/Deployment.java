package com.huntaze.rollout.app;

import com.huntaze.rollout.admin.AdminParts;
import com.huntaze.rollout.admin.AdminVerticle;
import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.admission.Lifecycle;
import com.huntaze.rollout.alert.AlertVerticle;
import com.huntaze.rollout.breaker.BreakerVerticle;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.bus.ByReferenceCodec;
import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.control.CanaryVerticle;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.dns.Names;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.lease.AgreedLog;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.probe.ProbeVerticle;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.proxy.ProxyVerticle;
import com.huntaze.rollout.proxy.StreamOptions;
import com.huntaze.rollout.request.ConversationNotice;
import com.huntaze.rollout.request.ObjectMakers;
import com.huntaze.rollout.telemetry.Metrics;
import com.huntaze.rollout.token.Tokens;
import com.huntaze.rollout.traffic.GoldenRatioSequence;
import com.huntaze.rollout.traffic.TrafficMetrics;
import com.huntaze.rollout.watch.FileWatch;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the features together and takes them apart again. Started in the order of need: what answers
 * first, the judging path before the request path that asks it for its snapshot.
 */
final class Deployment {
  private static final Logger log = LoggerFactory.getLogger(Deployment.class);

  /** Far from the small numbers that an embedder may use for servers of their own. */
  private static final AtomicInteger FREE_PORT_IDS = new AtomicInteger(0x52_0000);

  private final Vertx vertx;
  private final String replicaId = ProcessServices.newReplicaId();
  private final Loaded loaded;
  private final ConfigSource source;
  private final Metrics metrics;
  private final Verticles verticles;
  private final List<ProxyVerticle> proxies = new ArrayList<>();
  private final Bus bus;
  private final Claim claim;
  private final Names names;
  private final FileWatch files;
  private final Tokens tokens;
  private StateDir stateDir;
  private Books books;
  private AlertVerticle alerts;
  private ProcessServices services;
  private ProcessRuntime runtime;
  private CanaryVerticle canary;
  private BreakerVerticle breakers;
  private ProbeVerticle probes;
  private AdminVerticle admin;
  private Reconfiguration reconfiguration;
  private ConfigVerticle configuration;
  private Simulation simulation;
  private final Lifecycle lifecycle = new Lifecycle();
  private final ProxyMeters meters;

  private Deployment(Vertx vertx, Loaded loaded, ConfigSource source, Metrics metrics) {
    this.vertx = vertx;
    this.loaded = loaded;
    this.source = source;
    this.metrics = metrics;
    this.verticles = new Verticles(vertx, this::awaitIdle, this::release);
    this.meters = new ProxyMeters(metrics.registry());
    this.names = new Names(vertx, loaded.settings().dns(), this::moved);
    this.bus = new Bus(vertx, loaded.settings().eventBus().prefix());
    this.claim = new Claim(vertx, bus);
    this.files = new FileWatch(vertx);
    this.tokens = new Tokens(vertx, bus, files, metrics.registry());
  }

  /** Starts everything, or nothing: what had been started is stopped again after a failure. */
  static Future<Deployment> start(
      Vertx vertx, Loaded loaded, ConfigSource source, Metrics metrics) {
    Deployment deployment = new Deployment(vertx, loaded, source, metrics);
    return TlsCheck.of(vertx, loaded)
        .compose(ok -> deployment.claim.take(deployment.settings()))
        .compose(ok -> deployment.deployAlerts())
        .compose(ok -> deployment.simulate())
        .compose(ok -> deployment.openStateDir())
        .compose(ok -> deployment.openBooks())
        .compose(ok -> deployment.deployBreakers())
        .compose(ok -> deployment.assemble())
        .compose(ok -> deployment.deployCanary())
        .compose(ok -> deployment.deployLedger())
        .compose(ok -> deployment.deployProxies())
        .compose(ok -> deployment.deployProbes())
        .compose(ok -> deployment.deployAdmin())
        .compose(ok -> deployment.deployConfiguration())
        .compose(ok -> deployment.open())
        .map(deployment)
        .recover(
            failure ->
                deployment.close().transform(closed -> Future.<Deployment>failedFuture(failure)));
  }

  int port() {
    return proxies.get(0).port();
  }

  int adminPort() {
    return admin.port();
  }

  /** Ends as {@link Drain} does, then closes. */
  Future<Void> drain() {
    return verticles.drain();
  }

  /** Ends now, whatever is in flight. */
  Future<Void> close() {
    lifecycle.leaving();
    return verticles.close();
  }

  private Future<Void> awaitIdle() {
    if (simulation != null) {
      simulation.finishTraffic();
    }
    return new Drain(vertx, bus, lifecycle, meters, this::settings).run();
  }

  /** Ends what the verticles have used; one thing that cannot be ended keeps none of the others. */
  private Future<Void> release() {
    claim.release();
    return endSimulation()
        .transform(done -> closeBooks())
        .onFailure(failure -> log.warn("The books are not closed: {}", failure.toString()))
        .transform(done -> endStateDir())
        .onFailure(failure -> log.warn("The state's directory is kept: {}", failure.toString()))
        .onComplete(
            done -> {
              names.close();
              tokens.close();
              files.close();
              metrics.close();
            });
  }

  private Future<Void> closeBooks() {
    return books == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              books.close();
              return null;
            });
  }

  private Future<Void> endSimulation() {
    return simulation == null ? Future.succeededFuture() : simulation.close();
  }

  private Future<Void> endStateDir() {
    return stateDir == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              stateDir.end();
              return null;
            });
  }

  /** Those in force. */
  Settings settings() {
    return running() == null ? loaded.settings() : running().settings();
  }

  private ProcessRuntime running() {
    return reconfiguration == null ? runtime : reconfiguration.running();
  }

  /** Reads the configuration's files again. */
  Future<JsonObject> reload(String cause) {
    return configuration.reload(cause);
  }

  /** Puts another configuration in force. */
  Future<JsonObject> reload(String cause, Future<Loaded> newer) {
    return configuration.reload(cause, newer);
  }

  private Future<?> simulate() {
    if (settings().simulate() == null) {
      return Future.succeededFuture();
    }
    return Simulation.start(vertx, bus, settings().simulate())
        .onSuccess(started -> simulation = started);
  }

  /** Before all who raise alerts, and so stopped after them. */
  private Future<?> deployAlerts() {
    alerts =
        new AlertVerticle(
            bus,
            Banner.home(replicaId, settings(), source),
            settings().alerts(),
            metrics.registry());
    return deploy(() -> alerts, 1);
  }

  private Future<?> openStateDir() {
    return vertx
        .executeBlocking(() -> StateDir.of(settings().state()))
        .onSuccess(dir -> stateDir = dir);
  }

  /** The books are open before the first request is. */
  private Future<?> openBooks() {
    Consumer<Alert> alerting =
        alert -> bus.publish(CanaryAddresses.ALERT, new JsonObject(alert.fields()));
    return Books.open(
            vertx, settings(), PriceBook.of(loaded.prices()), metrics.registry(), alerting)
        .onSuccess(open -> books = open);
  }

  /** Makes what everything from here on runs by. */
  private Future<?> assemble() {
    AgreedLog agreed = stateDir.agreed(settings().cluster());
    services =
        new ProcessServices(
            bus,
            loops(),
            FREE_PORT_IDS.incrementAndGet(),
            replicaId,
            lifecycle,
            new GoldenRatioSequence(ThreadLocalRandom.current().nextLong()),
            ClusterDoor.sampling(vertx, settings().cluster()),
            stateDir.store(settings().cluster(), replicaId, agreed),
            agreed,
            books,
            breakers.breakers(),
            names,
            tokens,
            files,
            BufferMemory.of(settings().server()),
            new ObjectMakers(),
            new StreamOptions(),
            meters,
            metrics.registry(),
            simulation);
    runtime = ProcessRuntime.of(loaded, null, services);
    return Future.succeededFuture();
  }

  private Future<?> deployCanary() {
    ByReferenceCodec.register(vertx, CanarySnapshot.class, SourceReport.class);
    canary = new CanaryVerticle(runtime.canary());
    return ClusterDoor.join(verticles, this::running, services, () -> deploy(() -> canary, 1));
  }

  private Future<?> deployLedger() {
    return stateDir.keep(verticles, loaded, services);
  }

  private int loops() {
    int configured = settings().server().eventLoops();
    return configured == 0 ? Runtime.getRuntime().availableProcessors() : configured;
  }

  private Future<?> deployProxies() {
    meters.watch(services.memory());
    Supplier<Deployable> each =
        () -> {
          ProxyVerticle proxy = new ProxyVerticle(runtime.proxy(), runtime.shared());
          proxies.add(proxy);
          return proxy;
        };
    ConversationNotice notice =
        new ConversationNotice(bus, services.objects(), () -> settings().objects().afterRollback());
    return deploy(() -> notice, 1)
        .compose(
            deployed ->
                tokens.during(runtime.proxy().tokens(), () -> deploy(each, services.loops())))
        .recover(
            BindFailure.at("server.port", settings().server().host(), settings().server().port()));
  }

  private Future<?> deployBreakers() {
    breakers = new BreakerVerticle(bus, ProcessRuntime.breakers(settings()), metrics.registry());
    return deploy(() -> breakers, 1);
  }

  /** A breaker that has opened for the old addresses says nothing of the new one. */
  private void moved(String host) {
    for (Provider provider : Provider.values()) {
      if (settings().providers().of(provider).upstream().url().host().equalsIgnoreCase(host)) {
        breakers.renew(provider);
      }
    }
  }

  private Future<?> deployProbes() {
    probes = new ProbeVerticle(bus, runtime.probes(), names, tokens, files, metrics.registry());
    return deploy(() -> probes, 1);
  }

  private Future<?> deployAdmin() {
    admin =
        new AdminVerticle(
            new AdminParts(
                bus,
                files,
                settings().admin(),
                settings().metrics().listener(),
                Version.text(),
                metrics.prometheus(),
                books.feedback().book(),
                books.activity(),
                this::split,
                simulation != null,
                lifecycle::ready));
    return deploy(() -> admin, 1)
        .recover(
            BindFailure.at("admin.port", settings().admin().host(), settings().admin().port()));
  }

  private TrafficMetrics split() {
    return proxies.stream().map(ProxyVerticle::split).reduce(TrafficMetrics::plus).orElseThrow();
  }

  private Future<?> deployConfiguration() {
    reconfiguration = new Reconfiguration(services, runtime, canary, followers());
    configuration = new ConfigVerticle(bus, source, reconfiguration, files, metrics.registry());
    return deploy(() -> configuration, 1);
  }

  /** Those who run by the configuration, in the order in which they are handed another one. */
  private List<Reconfiguration.Follower> followers() {
    return List.of(
        (before, after) -> {
          services.memory().limits(after.settings().server());
          names.configure(after.settings().dns());
          return Future.succeededFuture();
        },
        (before, after) -> books.configure(before.settings(), after.settings(), after.prices()),
        (before, after) -> breakers.configure(after.breakers(), after.movedSince(before)),
        (before, after) ->
            // Without its token a provider would refuse all that is sent to it meanwhile.
            tokens.during(
                after.proxy().tokens(),
                () ->
                    Future.all(
                            proxies.stream()
                                .map(proxy -> proxy.configure(after.proxy(), after.shared()))
                                .toList())
                        .mapEmpty()),
        (before, after) -> canary.judgeBy(after.canary()),
        (before, after) -> probes.configure(after.probes()),
        (before, after) ->
            alerts.configure(
                Banner.home(replicaId, after.settings(), source), after.settings().alerts()),
        (before, after) -> admin.configure(after.settings().admin()));
  }

  private Future<?> open() {
    lifecycle.opened();
    verticles.opened();
    return simulation == null ? Future.succeededFuture() : simulation.sendTraffic(port());
  }

  private Future<String> deploy(Supplier<? extends Deployable> verticle, int instances) {
    return verticles.deploy(verticle, instances);
  }
}
