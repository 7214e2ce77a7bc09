package com.huntaze.rollout.failover;

import com.huntaze.rollout.settings.Setting;
import java.time.Duration;

/**
 * Settings of a provider's circuit breaker: the failures that open it, and the time that it stays
 * open.
 *
 * @param maxFailures the consecutive failures of attempts that open it
 * @param resetTimeout how long it stays open before a trial request
 */
public record CircuitBreakerSettings(
    @Setting(
            value = "The consecutive failures of attempts that open the breaker.",
            byDefault = "5",
            min = "1",
            max = "1000")
        int maxFailures,
    @Setting(
            value = "How long the breaker stays open before a trial request.",
            byDefault = "'30s'",
            min = "10ms",
            max = "1h")
        Duration resetTimeout) {}
