package com.huntaze.rollout.probe;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks both providers for their health, all the time: a provider that is silent is known to be down
 * within seconds, whatever the traffic. What it finds is published on {@link ProviderAddresses}.
 */
public final class ProbeVerticle extends VerticleBase {
  private final Map<Provider, ProbeTarget> targets;
  private final MeterRegistry registry;
  private final List<ProviderProbe> probes = new ArrayList<>();

  public ProbeVerticle(Map<Provider, ProbeTarget> targets, MeterRegistry registry) {
    this.targets = targets;
    this.registry = registry;
  }

  @Override
  public Future<?> start() {
    targets.forEach(this::probe);
    vertx.eventBus().consumer(ProviderAddresses.PROBE_GET, message -> message.reply(all()));
    return Future.succeededFuture();
  }

  private void probe(Provider provider, ProbeTarget target) {
    WebClientOptions options =
        new WebClientOptions()
            .setKeepAlive(false)
            .setFollowRedirects(false)
            .setVerifyHost(true)
            // A request's own time-out ends with the head; a body may fall silent, too.
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout((int) target.settings().timeout().toMillis());
    WebClient client = WebClient.create(vertx, options);
    ProviderProbe probe = new ProviderProbe(vertx, client, provider, target);
    probes.add(probe);
    Gauge.builder("rollout.provider.up", probe, p -> p.up() ? 1 : 0)
        .description("1 while a provider answers its probe.")
        .tag("provider", provider.label())
        .register(registry);
    probe.start();
  }

  private JsonArray all() {
    JsonArray all = new JsonArray();
    probes.forEach(probe -> all.add(probe.json()));
    return all;
  }

  @Override
  public Future<?> stop() {
    probes.forEach(ProviderProbe::stop);
    return Future.succeededFuture();
  }
}
