package com.huntaze.rollout.canary;

import com.huntaze.rollout.settings.Setting;

/**
 * The conditions of a promotion besides the stage's bake time.
 *
 * @param evidence whether the statistics must support a promotion
 * @param minRequests the observations that the stage must have
 */
public record PromoteSettings(
    @Setting(
            value = "Whether a promotion needs statistical evidence besides the bake time.",
            byDefault = "true")
        boolean evidence,
    @Setting(
            value = "The observations that a stage must have before it is promoted.",
            byDefault = "300",
            min = "0",
            max = "1000000000")
        long minRequests) {}
