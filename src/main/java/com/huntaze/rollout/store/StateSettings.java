package com.huntaze.rollout.store;

import com.huntaze.rollout.settings.Setting;

/**
 * The place of the rollout's state.
 *
 * @param dir the directory, relative to the working directory; empty is a new temporary one
 */
public record StateSettings(
    @Setting(
            value =
                "The directory of the rollout's state, relative to the working directory. Empty is"
                    + " a new temporary directory, which forgets everything at the end: for demos.",
            byDefault = "'data'",
            pattern = "^[^\\u0000-\\u001f]*$",
            expected = "the path of a directory")
        String dir) {}
