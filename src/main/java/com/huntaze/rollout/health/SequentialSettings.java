package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.Setting;

/**
 * The test that rolls back on overwhelming evidence before {@code minRequests} are there.
 *
 * @param enabled whether it runs
 * @param alpha the probability of a false rollback in the whole rollout
 * @param floor what it needs before it may act
 */
public record SequentialSettings(
    @Setting(value = "Whether the sequential test runs.", byDefault = "true") boolean enabled,
    @Setting(
            value = "The probability of a false rollback in the whole rollout.",
            byDefault = "0.01",
            min = "0.000001",
            max = "0.5")
        double alpha,
    @Setting("What the test needs before it may act.") FloorSettings floor) {}
