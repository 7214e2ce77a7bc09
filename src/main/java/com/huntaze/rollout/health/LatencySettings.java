package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.Setting;
import java.time.Duration;

/**
 * The limit on the 95th percentile of a time.
 *
 * @param limit the largest healthy p95
 * @param action what happens above it
 */
public record LatencySettings(
    @Setting(
            value = "The largest healthy 95th percentile.",
            byDefault = "'5s'",
            min = "1ms",
            max = "1h")
        Duration limit,
    @Setting(
            value =
                "What happens above the limit. With `alert` and `observe` it is noted once a stage"
                    + " what `rollback` would have done.",
            byDefault = "'rollback'")
        Action action) {}
