package com.huntaze.rollout.telemetry;

import com.huntaze.rollout.settings.HttpUrl;
import com.huntaze.rollout.settings.Setting;

/**
 * Tracing over OTLP.
 *
 * @param otlpEndpoint the collector's URL, or null for no tracing
 */
public record TracingSettings(
    @Setting(value = "The OTLP collector's URL; null turns tracing off.", byDefault = "null")
        HttpUrl otlpEndpoint) {}
