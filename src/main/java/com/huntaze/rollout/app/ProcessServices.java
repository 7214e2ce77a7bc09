package com.huntaze.rollout.app;

import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.admission.Lifecycle;
import com.huntaze.rollout.breaker.ProviderBreaker;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.dns.Names;
import com.huntaze.rollout.judge.window.Sampling;
import com.huntaze.rollout.lease.AgreedLog;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.proxy.StreamOptions;
import com.huntaze.rollout.request.ObjectMakers;
import com.huntaze.rollout.store.FileStore;
import com.huntaze.rollout.token.Tokens;
import com.huntaze.rollout.traffic.GoldenRatioSequence;
import com.huntaze.rollout.watch.FileWatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The things that live as long as the process, whatever its configuration becomes.
 *
 * @param loops how many event loops serve requests
 * @param freePortId tells a free port of this process's from that of another
 * @param replicaId who this replica is
 * @param keyless the sequence for requests without a user key
 * @param sampling picks the exchanges that the sequential tests see
 * @param files the one watch of files
 * @param agreed the log of the voters, {@code null} = nobody votes
 * @param simulation where the providers listen instead of at their URLs, {@code null} = at those
 */
record ProcessServices(
    Bus bus,
    int loops,
    int freePortId,
    String replicaId,
    Lifecycle lifecycle,
    GoldenRatioSequence keyless,
    Sampling sampling,
    FileStore store,
    AgreedLog agreed,
    Books books,
    Map<Provider, ProviderBreaker> breakers,
    Names names,
    Tokens tokens,
    FileWatch files,
    BufferMemory memory,
    ObjectMakers objects,
    StreamOptions streamOptions,
    ProxyMeters meters,
    MeterRegistry registry,
    Simulation simulation) {
  /** A name for this process among its replicas: eight hexadecimal digits. */
  static String newReplicaId() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }
}
