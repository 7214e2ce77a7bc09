package com.huntaze.rollout.failover;

import com.huntaze.rollout.settings.Setting;

/**
 * Whether a request that failed at Foundry is sent to legacy.
 *
 * @param enabled whether failover happens at all ({@code AI_FALLBACK_ENABLED})
 */
public record FallbackSettings(
    @Setting(
            value = "Whether a request that failed at Foundry is sent to legacy.",
            byDefault = "true")
        boolean enabled) {}
