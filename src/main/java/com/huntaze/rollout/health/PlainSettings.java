package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.Setting;

/**
 * The plain rule: a limit exceeded in a window of at least {@code minRequests}.
 *
 * @param confirm whether it decides only where the sequential test of the same metric agrees
 */
public record PlainSettings(
    @Setting(
            value =
                "Whether the plain rule decides only where the sequential test does not contradict"
                    + " it. Off, one user or one dear answer can decide, as the seed's Property 6"
                    + " says; its sentence then tells the part of that one.",
            byDefault = "false")
        boolean confirm) {}
