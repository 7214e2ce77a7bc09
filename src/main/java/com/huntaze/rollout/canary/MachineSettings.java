package com.huntaze.rollout.canary;

import com.huntaze.rollout.provider.ProviderMode;

/**
 * The machine's settings beside its ladder.
 *
 * @param mode in {@code canary} assessments decide, in {@code foundry} they only alert, in {@code
 *     legacy} nothing is judged
 * @param checkpointMillis how often the time of health and the judge's evidence are written
 * @param retryMillis how soon a write that failed is tried again
 * @param longestTickMillis the most time that one assessment can add to the bake clock
 * @param holdAlertMillis how long a hold lasts before people are told
 */
public record MachineSettings(
    ProviderMode mode,
    long checkpointMillis,
    long retryMillis,
    long longestTickMillis,
    long holdAlertMillis) {

  boolean judges() {
    return mode != ProviderMode.LEGACY;
  }

  boolean decides() {
    return mode == ProviderMode.CANARY;
  }
}
