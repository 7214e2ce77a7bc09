package com.huntaze.rollout.cost;

import com.huntaze.rollout.settings.Setting;

/**
 * How the token usage of an answer is made readable.
 *
 * @param identity whether inference requests ask the provider for an uncompressed answer
 * @param requestInStreams whether streams are asked for their usage
 */
public record UsageSettings(
    @Setting(
            value = "Whether inference requests ask the provider for an uncompressed answer.",
            byDefault = "true")
        boolean identity,
    @Setting(
            value = "Whether `stream_options.include_usage` is set in streams that lack it.",
            byDefault = "true")
        boolean requestInStreams) {}
