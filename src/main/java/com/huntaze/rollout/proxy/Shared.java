package com.huntaze.rollout.proxy;

import com.huntaze.rollout.admission.BufferMemory;
import com.huntaze.rollout.admission.Lifecycle;
import com.huntaze.rollout.admission.RateLimits;
import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.dns.Names;
import com.huntaze.rollout.exchange.ExchangeRecord;
import com.huntaze.rollout.feedback.Feedback;
import com.huntaze.rollout.judge.window.Sampling;
import com.huntaze.rollout.meters.ProxyMeters;
import com.huntaze.rollout.request.ObjectMakers;
import com.huntaze.rollout.token.Tokens;
import com.huntaze.rollout.trace.Tracing;
import com.huntaze.rollout.traffic.GoldenRatioSequence;
import com.huntaze.rollout.watch.FileWatch;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The parts that all proxy verticles of a process share; everything in it is thread-safe.
 *
 * @param lifecycle whether requests are welcome
 * @param keyless the sequence for requests without a user key
 * @param sampling picks the exchanges that the sequential tests see
 * @param limits the rate limits of the client keys
 * @param failover the breakers, the retry budget and the policy
 * @param names the addresses of the providers' names
 * @param tokens the bearer tokens of providers
 * @param files the process's watch of files
 * @param memory the memory for what waits for clients
 * @param objects the makers of objects that one provider alone has
 * @param streamOptions which models refuse to be asked for a stream's usage
 * @param tracing gives what records spans now, {@code null} = tracing is off
 * @param feedback takes callers' judgements of answers
 * @param records told of every request at its end, on an event loop
 */
public record Shared(
    Bus bus,
    int freePortId,
    Lifecycle lifecycle,
    GoldenRatioSequence keyless,
    Sampling sampling,
    RateLimits limits,
    Failover failover,
    Names names,
    Tokens tokens,
    FileWatch files,
    BufferMemory memory,
    ObjectMakers objects,
    StreamOptions streamOptions,
    Supplier<Tracing> tracing,
    Feedback feedback,
    Consumer<ExchangeRecord> records,
    ProxyMeters meters) {}
