package com.huntaze.rollout.admission;

import com.huntaze.rollout.settings.Setting;

/**
 * The rate at which one client key may call, with a cluster in all of its replicas together.
 *
 * @param perKeyPerSecond requests per second and key; 0 sets no limit
 * @param burst requests that may come at once; 0 is one second's worth
 */
public record LimitSettings(
    @Setting(
            value =
                "Requests per second and key; 0 sets no limit. With `cluster` it is that of all replicas together.",
            byDefault = "0",
            min = "0",
            max = "1000000",
            unit = "requests/s")
        int perKeyPerSecond,
    @Setting(
            value =
                "Requests that a key may send at once, with `cluster` to all replicas together; 0 is one second's worth.",
            byDefault = "0",
            min = "0",
            max = "1000000",
            unit = "requests")
        int burst) {}
