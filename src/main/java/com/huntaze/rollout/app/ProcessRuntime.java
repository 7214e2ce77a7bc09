package com.huntaze.rollout.app;

import com.huntaze.rollout.admission.RateLimits;
import com.huntaze.rollout.config.Loaded;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.control.CanaryParts;
import com.huntaze.rollout.control.Clocks;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.RetryBudget;
import com.huntaze.rollout.judge.window.Thresholds;
import com.huntaze.rollout.probe.ProbeTarget;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.proxy.Failover;
import com.huntaze.rollout.proxy.ProxySettings;
import com.huntaze.rollout.proxy.Shared;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.upstream.UpstreamSettings;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Everything that a process runs by and that a configuration decides, made whole from it: whoever
 * runs by it is handed one reference. What has not changed is that of the runtime before, so that
 * limits, budgets and prices go on.
 *
 * @param loaded the configuration
 * @param canary the judging path's part
 * @param proxy the request path's part, for each event loop
 * @param shared the request path's part that its event loops share
 * @param probes the health checks
 */
record ProcessRuntime(
    Loaded loaded,
    PriceBook prices,
    CanaryParts canary,
    ProxySettings proxy,
    Shared shared,
    Map<Provider, ProbeTarget> probes) {

  /**
   * Makes a runtime. It changes nothing yet.
   *
   * @param previous the one before, {@code null} = this is the first
   */
  static ProcessRuntime of(Loaded loaded, ProcessRuntime previous, ProcessServices services) {
    Settings settings = loaded.settings();
    boolean samePrices = previous == null || loaded.prices().equals(previous.loaded.prices());
    PriceBook prices = samePrices ? services.books().prices() : PriceBook.of(loaded.prices());
    Map<Provider, UpstreamSettings> upstreams = upstreams(settings, services.simulation());
    return new ProcessRuntime(
        loaded,
        prices,
        canary(loaded, previous, services),
        proxy(settings, prices, upstreams, services.loops()),
        shared(settings, previous, services),
        probes(settings, upstreams));
  }

  /** The same values, which may come from other places by now. */
  ProcessRuntime readAgain(Loaded same) {
    return new ProcessRuntime(same, prices, canary, proxy, shared, probes);
  }

  Settings settings() {
    return loaded.settings();
  }

  Map<Provider, CircuitBreakerSettings> breakers() {
    return breakers(settings());
  }

  static Map<Provider, CircuitBreakerSettings> breakers(Settings settings) {
    return Map.of(
        Provider.FOUNDRY, settings.providers().foundry().circuitBreaker(),
        Provider.LEGACY, settings.providers().legacy().circuitBreaker());
  }

  /** The providers that are somewhere else by now: what is known of the old place says nothing. */
  Set<Provider> movedSince(ProcessRuntime previous) {
    Set<Provider> moved = EnumSet.noneOf(Provider.class);
    for (Provider provider : Provider.values()) {
      if (!url(provider).equals(previous.url(provider))) {
        moved.add(provider);
      }
    }
    return moved;
  }

  private HttpUrl url(Provider provider) {
    return settings().providers().of(provider).upstream().url();
  }

  private static CanaryParts canary(
      Loaded loaded, ProcessRuntime previous, ProcessServices services) {
    Settings settings = loaded.settings();
    return previous == null
        ? new CanaryParts(
            services.bus(),
            settings.provider(),
            settings.canary(),
            settings.health(),
            loaded.explicitPercentage(),
            services.replicaId(),
            services.keyless(),
            services.sampling(),
            services.store(),
            Clocks.system(),
            services.registry(),
            settings.cluster() != null)
        : previous.canary.with(settings.provider(), settings.canary(), settings.health());
  }

  private static ProxySettings proxy(
      Settings settings, PriceBook prices, Map<Provider, UpstreamSettings> upstreams, int loops) {
    return new ProxySettings(
        settings.server(),
        loops,
        settings.provider(),
        upstreams,
        settings.routes(),
        settings.userKeyFields(),
        settings.objects(),
        settings.agents(),
        settings.auth(),
        settings.credentials(),
        settings.usage(),
        settings.enrichUsage(),
        prices,
        settings.canary().salt(),
        Thresholds.of(settings.health()));
  }

  private static Shared shared(
      Settings settings, ProcessRuntime previous, ProcessServices services) {
    return new Shared(
        services.bus(),
        services.freePortId(),
        services.lifecycle(),
        services.keyless(),
        services.sampling(),
        limits(settings, previous),
        failover(settings, previous, services),
        services.names(),
        services.tokens(),
        services.files(),
        services.memory(),
        services.objects(),
        services.streamOptions(),
        services.books()::tracing,
        services.books().feedback(),
        services.books(),
        services.meters());
  }

  private static RateLimits limits(Settings settings, ProcessRuntime previous) {
    if (previous == null) {
      return new RateLimits(settings.auth(), settings.limits());
    }
    Settings before = previous.settings();
    boolean same =
        before.auth().equals(settings.auth()) && before.limits().equals(settings.limits());
    RateLimits limits = previous.shared.limits();
    return same ? limits : limits.with(settings.auth(), settings.limits());
  }

  private static Failover failover(
      Settings settings, ProcessRuntime previous, ProcessServices services) {
    boolean sameBudget =
        previous != null && previous.settings().retryBudget().equals(settings.retryBudget());
    return Failover.of(
        settings.fallback().enabled(),
        services.breakers(),
        sameBudget ? previous.shared.failover().budget() : budget(settings, previous),
        Map.of(
            Provider.FOUNDRY, settings.providers().foundry().retry(),
            Provider.LEGACY, settings.providers().legacy().retry()),
        settings.timeouts(),
        settings.providers().foundry().probe().patience());
  }

  private static RetryBudget budget(Settings settings, ProcessRuntime previous) {
    return previous == null
        ? new RetryBudget(settings.retryBudget())
        : previous.shared.failover().budget().with(settings.retryBudget());
  }

  private static Map<Provider, ProbeTarget> probes(
      Settings settings, Map<Provider, UpstreamSettings> upstreams) {
    Map<Provider, ProbeTarget> targets = new EnumMap<>(Provider.class);
    upstreams.forEach(
        (provider, upstream) ->
            targets.put(
                provider,
                new ProbeTarget(
                    upstream.url(),
                    upstream.headers(),
                    upstream.token(),
                    settings.providers().of(provider).probe(),
                    upstream.tls())));
    return targets;
  }

  private static Map<Provider, UpstreamSettings> upstreams(
      Settings settings, Simulation simulation) {
    Map<Provider, UpstreamSettings> upstreams = new EnumMap<>(Provider.class);
    for (Provider provider : Provider.values()) {
      UpstreamSettings upstream = settings.providers().of(provider).upstream();
      upstreams.put(
          provider, simulation == null ? upstream : simulated(upstream, simulation.port(provider)));
    }
    return upstreams;
  }

  /** The same provider, at the simulated backend's address. */
  private static UpstreamSettings simulated(UpstreamSettings upstream, int port) {
    return new UpstreamSettings(
        new HttpUrl(false, "127.0.0.1", port, ""),
        upstream.headers(),
        upstream.rewrites(),
        upstream.models(),
        upstream.deployments(),
        upstream.connect(),
        upstream.idle(),
        upstream.pool(),
        upstream.requestUsageInStreams(),
        upstream.tls(),
        // A simulated provider needs none, and is not to see a real one.
        null);
  }
}
