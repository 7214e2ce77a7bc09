package com.huntaze.rollout.failover;

import com.huntaze.rollout.settings.Setting;
import java.time.Duration;

/**
 * The retries after a transient failure of a provider.
 *
 * @param max the most retries after the first attempt; 0 turns retrying off
 * @param delay the wait before the first retry
 * @param factor how much longer each wait is than the one before
 * @param jitter the random share added to or taken from each wait, 0..0.5
 */
public record RetrySettings(
    @Setting(
            value = "The most retries after the first attempt; 0 turns retrying off.",
            byDefault = "3",
            min = "0",
            max = "10")
        int max,
    @Setting(
            value = "The wait before the first retry, unless the provider hints at a longer one.",
            byDefault = "'250ms'",
            min = "0ms",
            max = "1m")
        Duration delay,
    @Setting(
            value = "How much longer each wait is than the one before.",
            byDefault = "2.0",
            min = "1",
            max = "10")
        double factor,
    @Setting(
            value = "The random share added to or taken from each wait.",
            byDefault = "0.1",
            min = "0",
            max = "0.5")
        double jitter) {}
