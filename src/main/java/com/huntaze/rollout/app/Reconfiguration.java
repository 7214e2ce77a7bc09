package com.huntaze.rollout.app;

import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.control.CanaryParts;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.proxy.ProxySettings;
import com.huntaze.rollout.proxy.Shared;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Brings a changed configuration into the verticles. The rollout is asked first, because it may
 * object; after it nothing can. What has not changed is not touched, so that connections, counts,
 * breakers and buckets go on.
 *
 * <p>Called by one verticle, one change after the other.
 */
final class Reconfiguration {
  private final Running running;
  private final Simulation simulation;
  private final int loops;
  private volatile Loaded loaded;
  private PriceBook prices;
  private CanaryParts canary;
  private Shared shared;

  /**
   * @param simulation where the providers listen, {@code null} = at their URLs
   * @param loops how many event loops serve requests
   */
  Reconfiguration(
      Running running,
      Simulation simulation,
      int loops,
      Loaded loaded,
      PriceBook prices,
      CanaryParts canary,
      Shared shared) {
    this.running = running;
    this.simulation = simulation;
    this.loops = loops;
    this.loaded = loaded;
    this.prices = prices;
    this.canary = canary;
    this.shared = shared;
  }

  /** The configuration in force. */
  Loaded loaded() {
    return loaded;
  }

  /** The same values, which may come from other places: nobody need be told. */
  void readAgain(Loaded same) {
    loaded = same;
  }

  /**
   * Puts a configuration in force that needs no restart.
   *
   * @return when it is so; a failure when the rollout objects, and then nothing has changed
   */
  Future<Void> apply(Loaded newer) {
    Settings after = newer.settings();
    CanaryParts parts = canary.with(after.provider(), after.canary(), after.health());
    return running.canary().configure(parts).compose(done -> applyRest(newer, parts));
  }

  private Future<Void> applyRest(Loaded newer, CanaryParts parts) {
    Settings before = loaded.settings();
    Settings after = newer.settings();
    prices = newer.prices().equals(loaded.prices()) ? prices : PriceBook.of(newer.prices());
    canary = parts;
    loaded = newer;
    RequestPathParts path = new RequestPathParts(after, prices, simulation);
    shared.names().configure(after.dns());
    shared.memory().limits(after.server().bufferBytesTotal(), after.server().replayBytesTotal());
    return running
        .books()
        .configure(before, after, prices)
        .compose(done -> running.breakers().configure(breakers(after), moved(before, after)))
        .compose(done -> proxies(path, before, after))
        .compose(done -> running.canary().judgeBy(parts))
        .compose(done -> running.probes().configure(path.probeTargets()))
        .compose(done -> running.alerts().configure(after.alerts()))
        .compose(done -> running.admin().configure(after.admin()));
  }

  private Future<Void> proxies(RequestPathParts path, Settings before, Settings after) {
    shared = shared(path, before, after);
    ProxySettings settings = path.proxySettings(loops);
    return Future.all(
            running.proxies().stream().map(proxy -> proxy.configure(settings, shared)).toList())
        .mapEmpty();
  }

  private Shared shared(RequestPathParts path, Settings before, Settings after) {
    boolean sameLimits =
        before.auth().equals(after.auth()) && before.limits().equals(after.limits());
    return new Shared(
        shared.bus(),
        shared.freePortId(),
        shared.lifecycle(),
        shared.keyless(),
        shared.sampling(),
        sameLimits ? shared.limits() : shared.limits().with(after.auth(), after.limits()),
        path.failover(
            running.breakers().breakers(),
            before.retryBudget().equals(after.retryBudget()) ? shared.failover().budget() : null),
        shared.names(),
        shared.tokens(),
        shared.memory(),
        shared.objects(),
        shared.streamOptions(),
        running.books().tracing(),
        running.books().feedback(),
        running.books(),
        shared.meters());
  }

  private static Map<Provider, CircuitBreakerSettings> breakers(Settings settings) {
    return Map.of(
        Provider.FOUNDRY, settings.providers().foundry().circuitBreaker(),
        Provider.LEGACY, settings.providers().legacy().circuitBreaker());
  }

  /** The providers that are somewhere else by now: what is known of the old place says nothing. */
  private static Set<Provider> moved(Settings before, Settings after) {
    Set<Provider> moved = EnumSet.noneOf(Provider.class);
    for (Provider provider : Provider.values()) {
      if (!before
          .providers()
          .of(provider)
          .upstream()
          .url()
          .equals(after.providers().of(provider).upstream().url())) {
        moved.add(provider);
      }
    }
    return moved;
  }
}
