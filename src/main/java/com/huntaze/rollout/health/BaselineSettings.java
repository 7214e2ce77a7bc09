package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.Setting;

/**
 * The comparison of Foundry's error rate with legacy's.
 *
 * @param action what happens when Foundry is clearly worse
 * @param ratio how many times legacy's rate Foundry's may be
 * @param margin how far above legacy's rate Foundry's may be in any case, 0..1
 */
public record BaselineSettings(
    @Setting(
            value = "What happens when Foundry is clearly worse than legacy.",
            byDefault = "'alert'")
        Action action,
    @Setting(
            value = "How many times legacy's error rate Foundry's may be.",
            byDefault = "1.5",
            min = "1",
            max = "100")
        double ratio,
    @Setting(
            value = "How far above legacy's error rate Foundry's may be in any case.",
            byDefault = "0.01",
            min = "0",
            max = "1")
        double margin) {

  /** The share that is allowed Foundry beside a share of legacy's, both 0..1. */
  public double allowed(double legacy) {
    return Math.min(1, ratio * legacy + margin);
  }
}
