package com.huntaze.rollout.proxy;

import com.huntaze.rollout.health.KeyOnce;
import com.huntaze.rollout.traffic.GoldenRatioSequence;

/**
 * What all proxy verticles of a process share; everything in it is thread-safe.
 *
 * @param lifecycle whether requests are welcome
 * @param keyless the sequence for requests without a user key
 * @param once picks the exchanges of user keys that the sequential tests see
 * @param limits the rate limits of the client keys
 * @param failover the breakers, the retry budget and the policy
 * @param replayMemory the memory for bodies that may be sent again
 * @param jobs which provider made which job
 */
public record Shared(
    Lifecycle lifecycle,
    GoldenRatioSequence keyless,
    KeyOnce once,
    RateLimits limits,
    Failover failover,
    ReplayMemory replayMemory,
    JobAffinity jobs,
    ProxyMeters meters) {}
