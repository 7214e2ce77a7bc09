package com.huntaze.rollout.proxy;

import com.huntaze.rollout.admission.Admission;
import com.huntaze.rollout.admission.ApiKeys;
import com.huntaze.rollout.breaker.ProviderBreaker;
import com.huntaze.rollout.canary.CanarySnapshot;
import com.huntaze.rollout.exchange.ExchangeLimits;
import com.huntaze.rollout.http.Forwarding;
import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.http.TrustedPeers;
import com.huntaze.rollout.provider.AgentRegistry;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.relay.Billing;
import com.huntaze.rollout.relay.RelayMeans;
import com.huntaze.rollout.request.Routing;
import com.huntaze.rollout.route.RouteTable;
import com.huntaze.rollout.traffic.ProviderSelector;
import com.huntaze.rollout.traffic.TrafficMetrics;
import com.huntaze.rollout.traffic.TrafficSplitter;
import com.huntaze.rollout.upstream.Credentials;
import com.huntaze.rollout.upstream.UpstreamClient;
import com.huntaze.rollout.upstream.UpstreamSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.Map;

/**
 * The means by which one event loop serves requests. A changed configuration makes other {@link
 * Resources}; an exchange keeps those that it began with. What has not changed in it goes on as it
 * is: connections, counts, shares.
 */
final class RequestPath {
  private final Vertx vertx;
  private final WaitingLoops waiting = new WaitingLoops();
  private final Deadlines deadlines;
  private final Observations observations;
  private final Map<Provider, UpstreamClient> upstreams = new EnumMap<>(Provider.class);
  private ProxySettings settings;
  private Credentials credentials;
  private Shared shared;
  private volatile TrafficSplitter splitter;
  private CanarySnapshot snapshot;
  private Resources resources;

  RequestPath(Vertx vertx, ProxySettings settings, Shared shared) {
    this.vertx = vertx;
    deadlines = Deadlines.on(vertx);
    splitter = new TrafficSplitter(settings.salt(), shared.keyless());
    ProviderBreaker foundry = shared.failover().breaker(Provider.FOUNDRY);
    observations =
        new Observations(shared.bus(), settings.thresholds(), foundry::state, shared.sampling());
    configure(settings, shared);
  }

  void start() {
    waiting.listen(shared.bus());
    observations.start(vertx);
  }

  /** The orders and counts of its splitter, from any thread. */
  TrafficMetrics split() {
    return splitter.metrics();
  }

  /** Returns the means for exchanges that begin now. */
  Resources resources() {
    return resources;
  }

  /** Serves by other settings from now on. */
  void configure(ProxySettings newer, Shared with) {
    settings = newer;
    shared = with;
    splitter = splitter.salted(settings.salt());
    observations.configure(settings.thresholds());
    Credentials now =
        Credentials.of(
            settings.credentials(),
            settings.auth(),
            settings.mode(),
            settings.upstreams().get(Provider.FOUNDRY));
    boolean same = now.sameAs(credentials);
    credentials = same ? credentials : now;
    settings.upstreams().forEach((provider, upstream) -> connect(provider, upstream, same));
    resources = made();
  }

  private void connect(Provider provider, UpstreamSettings upstream, boolean sameCredentials) {
    UpstreamClient before = upstreams.get(provider);
    if (before == null || !sameCredentials || !before.settings().equals(upstream)) {
      replace(provider, upstream);
    }
  }

  /** A client in the place of the one there is, for exchanges that begin from now on. */
  private void replace(Provider provider, UpstreamSettings upstream) {
    UpstreamClient before =
        upstreams.put(
            provider,
            new UpstreamClient(
                vertx,
                provider,
                upstream,
                credentials,
                shared.names(),
                shared.tokens(),
                settings.loops(),
                shared.meters()));
    if (before != null) {
      before.retire();
    }
  }

  /** The files that the settings of a provider name have changed: its connections are made anew. */
  Future<Void> renew(Provider provider) {
    replace(provider, upstreams.get(provider).settings());
    resources = made();
    return Future.succeededFuture();
  }

  UpstreamClient upstream(Provider provider) {
    return upstreams.get(provider);
  }

  /** Counts the requests that have found no free connection to a provider since the last call. */
  int takeRefused(Provider provider) {
    return upstreams.get(provider).takeRefused();
  }

  /** Brings a snapshot in, whichever order the messages come in. */
  void follow(CanarySnapshot newer) {
    snapshot = snapshot == null ? newer : snapshot.merge(newer);
    splitter.updatePercentage(snapshot.percentage());
    observations.follow(snapshot);
  }

  void end() {
    observations.end();
  }

  private Routing routing() {
    return new Routing(
        settings.mode(),
        new RouteTable(settings.routes()),
        AgentRegistry.of(settings.agents()),
        settings.userKeyFields(),
        settings.usage().readsRequests());
  }

  private ExchangeLimits exchangeLimits() {
    Failover failover = shared.failover();
    return new ExchangeLimits(
        failover.policy(),
        failover.timeouts().toFirstContent().toMillis(),
        failover.timeouts().stream().toMillis(),
        upstreams.get(Provider.FOUNDRY).idle().toMillis(),
        upstreams.get(Provider.LEGACY).idle().toMillis(),
        settings.server().holdBack().toMillis(),
        failover.probePatience().toMillis());
  }

  private Resources made() {
    ServerSettings limits = settings.server();
    Admission admission =
        new Admission(
            shared.lifecycle(),
            limits,
            shared.memory(),
            new ApiKeys(settings.auth()),
            shared.limits());
    return new Resources(
        vertx,
        deadlines,
        limits,
        admission,
        routing(),
        new Chooser(
            settings.mode(), new ProviderSelector(splitter), settings.objects().afterRollback()),
        new EnumMap<>(upstreams),
        new Forwarding(new TrustedPeers(limits.trustedPeers())),
        credentials,
        shared.failover(),
        exchangeLimits(),
        waiting,
        new RelayMeans(limits, shared.memory(), shared.meters()),
        observations,
        shared.memory(),
        shared.objects(),
        shared.streamOptions(),
        settings.usage().identity(),
        new Billing(settings.prices(), settings.enrichUsage(), settings.usage(), shared.meters()),
        shared.tracing().get(),
        shared.feedback(),
        shared.records(),
        shared.meters());
  }
}
