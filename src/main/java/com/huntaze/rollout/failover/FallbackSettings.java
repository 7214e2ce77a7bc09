package com.huntaze.rollout.failover;

import com.huntaze.rollout.settings.Setting;

/**
 * Settings of the failover of requests that failed at Foundry.
 *
 * @param enabled whether failover happens at all ({@code AI_FALLBACK_ENABLED})
 */
public record FallbackSettings(
    @Setting(
            value = "Whether a request that failed at Foundry is sent to legacy.",
            byDefault = "true")
        boolean enabled) {}
