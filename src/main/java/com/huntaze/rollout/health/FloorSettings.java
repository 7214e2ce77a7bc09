package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.Setting;

/**
 * The least data on which the sequential test may roll back.
 *
 * @param requests the least observations
 * @param keys the least distinct users, told apart by their keys, or by client and body
 */
public record FloorSettings(
    @Setting(
            value = "The least observations before the sequential test may act.",
            byDefault = "10",
            min = "1",
            max = "1000000")
        int requests,
    @Setting(
            value = "The least distinct users before the sequential test may act.",
            byDefault = "3",
            min = "1",
            max = "1000000")
        int keys) {}
