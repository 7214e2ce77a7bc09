package com.huntaze.rollout.upstream;

import com.huntaze.rollout.settings.Setting;

/**
 * The connections to one provider.
 *
 * @param maxConnections the most connections, in the process
 */
public record PoolSettings(
    @Setting(
            value = "The most connections to the provider, in the process.",
            byDefault = "2048",
            min = "1",
            max = "65535")
        int maxConnections) {}
