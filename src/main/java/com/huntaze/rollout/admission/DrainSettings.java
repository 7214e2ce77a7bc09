package com.huntaze.rollout.admission;

import com.huntaze.rollout.settings.Setting;
import java.time.Duration;

/**
 * The end of the process.
 *
 * @param delay how long it goes on taking requests after it has said that it is not ready
 * @param timeout how long requests in flight may then take
 */
public record DrainSettings(
    @Setting(
            value = "How long requests are still taken after readiness is gone.",
            byDefault = "'5s'",
            min = "0s",
            max = "10m")
        Duration delay,
    @Setting(
            value = "How long requests in flight may take after that.",
            byDefault = "'110s'",
            min = "0s",
            max = "1h")
        Duration timeout) {}
