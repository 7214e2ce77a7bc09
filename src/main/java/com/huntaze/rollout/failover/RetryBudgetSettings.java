package com.huntaze.rollout.failover;

import com.huntaze.rollout.settings.Setting;

/**
 * The number of retries that the whole process may send: the larger of both.
 *
 * @param ratio retries as a share of requests, 0..1
 * @param perSecond retries per second that are always allowed
 */
public record RetryBudgetSettings(
    @Setting(value = "Retries as a share of requests.", byDefault = "0.2", min = "0", max = "1")
        double ratio,
    @Setting(
            value =
                "Retries that are allowed whatever the share says, with `cluster` by all replicas together.",
            byDefault = "10",
            min = "0",
            max = "100000",
            unit = "retries/s")
        int perSecond) {}
