package com.huntaze.rollout.proxy;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.traffic.ProviderSelector;
import io.vertx.core.Vertx;
import java.util.Map;

/** What the exchanges of one event loop share. */
record Resources(
    Vertx vertx,
    ServerSettings server,
    Admission admission,
    Routing routing,
    ProviderSelector selector,
    Map<Provider, UpstreamClient> upstreams,
    Forwarding forwarding,
    ProxyMeters meters) {}
