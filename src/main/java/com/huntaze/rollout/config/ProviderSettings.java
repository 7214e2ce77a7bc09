package com.huntaze.rollout.config;

import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.failover.RetrySettings;
import com.huntaze.rollout.probe.ProbeSettings;
import com.huntaze.rollout.settings.Setting;
import com.huntaze.rollout.upstream.UpstreamSettings;

/**
 * Everything about one provider.
 *
 * @param upstream how it is reached; its keys stand in the provider's own object
 * @param retry how its transient failures are retried
 * @param circuitBreaker when it is left alone
 * @param probe how its health is asked for
 */
public record ProviderSettings(
    @Setting(value = "How the provider is reached.", inline = true) UpstreamSettings upstream,
    @Setting(value = "How transient failures are retried.") RetrySettings retry,
    @Setting(value = "When the provider is left alone.") CircuitBreakerSettings circuitBreaker,
    @Setting(value = "How the provider's health is asked for.") ProbeSettings probe) {}
