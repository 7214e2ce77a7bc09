package com.huntaze.rollout.canary;

import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Setting;
import java.time.Duration;

/**
 * One stage of the rollout.
 *
 * @param phase its name, unique among the stages
 * @param percentage the share of traffic that Foundry gets, 1..100
 * @param bake how long it must be healthy before the next stage begins; may be null for the last
 */
public record StageSettings(
    @Setting(
            value = "The stage's name; not `initial` or `rollback`, which every rollout has.",
            pattern = Forms.WORD,
            expected = Forms.WORD_WORDS)
        String phase,
    @Setting(
            value = "The share of traffic that Foundry gets; it grows from stage to stage.",
            min = "1",
            max = "100",
            unit = "%")
        int percentage,
    @Setting(
            value =
                "How long the stage must be healthy before the next one begins. Every stage but the"
                    + " last needs it.",
            byDefault = "null",
            min = "0s",
            max = "365d")
        Duration bake) {}
