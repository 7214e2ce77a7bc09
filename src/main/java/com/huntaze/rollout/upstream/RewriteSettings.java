package com.huntaze.rollout.upstream;

import com.huntaze.rollout.settings.Forms;
import com.huntaze.rollout.settings.Setting;

/**
 * Replaces the beginning of a path on its way to a provider.
 *
 * @param from the prefix that is replaced
 * @param to what stands in its place
 */
public record RewriteSettings(
    @Setting(
            value = "The beginning of the path that is replaced.",
            pattern = Forms.PATH,
            expected = Forms.PATH_WORDS)
        String from,
    @Setting(value = "What stands in its place.", pattern = Forms.PATH, expected = Forms.PATH_WORDS)
        String to) {}
