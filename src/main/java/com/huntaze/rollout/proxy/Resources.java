package com.huntaze.rollout.proxy;

import com.huntaze.rollout.admission.Admission;
import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.exchange.ExchangeLimits;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.feedback.Feedback;
import com.huntaze.rollout.http.Forwarding;
import com.huntaze.rollout.http.ServerSettings;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.relay.Billing;
import com.huntaze.rollout.relay.RelayMeans;
import com.huntaze.rollout.request.ObjectMakers;
import com.huntaze.rollout.request.Routing;
import com.huntaze.rollout.trace.Tracing;
import com.huntaze.rollout.upstream.Credentials;
import com.huntaze.rollout.upstream.UpstreamClient;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The parts that the exchanges of one event loop share.
 *
 * @param deadlines the next deadline of each exchange
 * @param limits what bounds every exchange
 * @param waiting the attempt loops that wait for the first content of an answer
 * @param streamOptions which models refuse to be asked for a stream's usage
 * @param relaying the parts by which answers are relayed
 * @param observations what the judge is told
 * @param identityEncoding whether compressed answers are declined where they are read
 * @param tracing records spans, {@code null} = tracing is off
 * @param feedback takes callers' judgements of answers
 * @param records told of every request at its end
 */
record Resources(
    Vertx vertx,
    Deadlines deadlines,
    ServerSettings server,
    Admission admission,
    Routing routing,
    Chooser chooser,
    Map<Provider, UpstreamClient> upstreams,
    Forwarding forwarding,
    Credentials credentials,
    Failover failover,
    ExchangeLimits limits,
    WaitingLoops waiting,
    RelayMeans relaying,
    Observations observations,
    BufferMemory memory,
    ObjectMakers objects,
    StreamOptions streamOptions,
    boolean identityEncoding,
    Billing billing,
    Tracing tracing,
    Feedback feedback,
    Consumer<ExchangeRecord> records,
    ProxyMeters meters) {
  private static final Provider[] PROVIDERS = Provider.values();

  /** An exchange begins, which may ask each provider. */
  void retain() {
    for (Provider provider : PROVIDERS) {
      upstreams.get(provider).retain();
    }
  }

  /** It has ended. */
  void release() {
    for (Provider provider : PROVIDERS) {
      upstreams.get(provider).release();
    }
  }
}
