package com.huntaze.rollout.probe;

import com.huntaze.rollout.bus.Bodies;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.dns.Names;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderAddresses;
import com.huntaze.rollout.tls.CertificateWatch;
import com.huntaze.rollout.token.Tokens;
import com.huntaze.rollout.watch.FileWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks both providers for their health, all the time: a provider that is silent is known to be down
 * within seconds, whatever the traffic. What it finds is published on {@link ProviderAddresses}.
 */
public final class ProbeVerticle extends VerticleBase {
  private final Bus bus;
  private final Map<Provider, ProbeTarget> targets;
  private final Names names;
  private final Tokens tokens;
  private final FileWatch files;
  private final MeterRegistry registry;

  /** Looked at by the meters, from any thread. */
  private final Map<Provider, ProviderProbe> probes;

  private final List<CertificateWatch> certificates = new ArrayList<>();

  /**
   * @param names the addresses of the providers' names
   * @param tokens the bearer tokens of providers
   * @param files the process's watch of files
   */
  public ProbeVerticle(
      Bus bus,
      Map<Provider, ProbeTarget> targets,
      Names names,
      Tokens tokens,
      FileWatch files,
      MeterRegistry registry) {
    this.bus = bus;
    this.targets = new EnumMap<>(targets);
    this.names = names;
    this.tokens = tokens;
    this.files = files;
    this.registry = registry;
    this.probes = new ConcurrentHashMap<>();
  }

  @Override
  public Future<?> start() {
    targets.forEach(this::begin);
    bus.serve(
        ProviderAddresses.PROBE_GET,
        body -> {
          Bodies.none(body);
          return Future.succeededFuture(all());
        });
    return Future.succeededFuture();
  }

  private void begin(Provider provider, ProbeTarget target) {
    probe(provider, target, true);
    Gauge.builder("rollout.provider.up", probes, of -> of.get(provider).up() ? 1 : 0)
        .description("1 while a provider answers its probe.")
        .tag("provider", provider.label())
        .register(registry);
    for (boolean failing : new boolean[] {false, true}) {
      Gauge.builder(
              "rollout.provider.addresses",
              probes,
              of -> of.get(provider).addresses().count(failing))
          .description("Addresses of a provider's name, by whether they take connections.")
          .tag("provider", provider.label())
          .tag("state", failing ? "failing" : "working")
          .register(registry);
    }
    certificates.add(
        new CertificateWatch(
            vertx,
            files,
            bus,
            "the probe of " + provider.label(),
            false,
            () -> targets.get(provider).tls(),
            tls -> replace(provider)));
  }

  private void probe(Provider provider, ProbeTarget target, boolean up) {
    ProviderProbe probe =
        new ProviderProbe(vertx, bus, provider, target, names, tokens, up, probes);
    probes.put(provider, probe);
    probe.start();
  }

  /**
   * Probes other targets from now on, from any thread. A provider whose target is the same is
   * probed as before; another one is taken for what the one before it was until it has answered.
   *
   * @return when it is so
   */
  public Future<Void> configure(Map<Provider, ProbeTarget> newer) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        turn -> {
          newer.forEach(this::change);
          certificates.forEach(CertificateWatch::follow);
          done.complete();
        });
    return done.future();
  }

  private void change(Provider provider, ProbeTarget newer) {
    if (!newer.equals(targets.put(provider, newer))) {
      replace(provider);
    }
  }

  private Future<Void> replace(Provider provider) {
    ProviderProbe before = probes.get(provider);
    before.stop();
    probe(provider, targets.get(provider), before.up());
    return Future.succeededFuture();
  }

  private JsonArray all() {
    JsonArray all = new JsonArray();
    targets.keySet().forEach(provider -> all.add(probes.get(provider).described()));
    return all;
  }

  @Override
  public Future<?> stop() {
    certificates.forEach(CertificateWatch::end);
    probes.values().forEach(ProviderProbe::stop);
    return Future.succeededFuture();
  }
}
