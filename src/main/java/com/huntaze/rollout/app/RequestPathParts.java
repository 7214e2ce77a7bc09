package com.huntaze.rollout.app;

import com.huntaze.rollout.breaker.ProviderBreaker;
import com.huntaze.rollout.config.Settings;
import com.huntaze.rollout.cost.PriceBook;
import com.huntaze.rollout.failover.RetryBudget;
import com.huntaze.rollout.health.Thresholds;
import com.huntaze.rollout.probe.ProbeTarget;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.proxy.Failover;
import com.huntaze.rollout.proxy.ProxySettings;
import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.upstream.UpstreamSettings;
import java.util.EnumMap;
import java.util.Map;

/**
 * The parts of the request path and of the probes, made by the settings.
 *
 * @param simulation where the providers listen instead of at their URLs, {@code null} = at those
 */
record RequestPathParts(Settings settings, PriceBook prices, Simulation simulation) {

  ProxySettings proxySettings(int loops) {
    return new ProxySettings(
        settings.server(),
        loops,
        settings.provider(),
        upstreams(),
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

  /**
   * @param budget the one in use, {@code null} = a new one
   */
  Failover failover(Map<Provider, ProviderBreaker> breakers, RetryBudget budget) {
    return Failover.of(
        settings.fallback().enabled(),
        breakers,
        budget == null ? new RetryBudget(settings.retryBudget()) : budget,
        Map.of(
            Provider.FOUNDRY, settings.providers().foundry().retry(),
            Provider.LEGACY, settings.providers().legacy().retry()),
        settings.timeouts(),
        settings.providers().foundry().probe().patience());
  }

  Map<Provider, ProbeTarget> probeTargets() {
    Map<Provider, ProbeTarget> targets = new EnumMap<>(Provider.class);
    upstreams()
        .forEach(
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

  private Map<Provider, UpstreamSettings> upstreams() {
    Map<Provider, UpstreamSettings> upstreams = new EnumMap<>(Provider.class);
    for (Provider provider : Provider.values()) {
      UpstreamSettings upstream = settings.providers().of(provider).upstream();
      upstreams.put(provider, simulation == null ? upstream : simulated(provider, upstream));
    }
    return upstreams;
  }

  /** The same provider, at the simulated backend's address. */
  private UpstreamSettings simulated(Provider provider, UpstreamSettings upstream) {
    HttpUrl url = new HttpUrl(false, "127.0.0.1", simulation.port(provider), "");
    return new UpstreamSettings(
        url,
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
