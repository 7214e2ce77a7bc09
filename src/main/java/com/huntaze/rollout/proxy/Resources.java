package com.huntaze.rollout.proxy;

import com.huntaze.rollout.provider.Provider;
import io.vertx.core.Vertx;
import java.util.Map;

/**
 * What the exchanges of one event loop share.
 *
 * @param waiting the pursuits that wait for the first content of an answer
 * @param observations what the judge is told
 * @param identityEncoding whether compressed answers are declined on judged routes
 */
record Resources(
    Vertx vertx,
    ServerSettings server,
    Admission admission,
    Routing routing,
    Chooser chooser,
    Map<Provider, UpstreamClient> upstreams,
    Forwarding forwarding,
    Failover failover,
    WaitingPursuits waiting,
    Observations observations,
    ReplayMemory replayMemory,
    JobAffinity jobs,
    boolean identityEncoding,
    ProxyMeters meters) {}
