package com.huntaze.rollout.health;

import com.huntaze.rollout.settings.Setting;

/**
 * The comparison with legacy: of the error rates, and of all that the users of both feel.
 *
 * @param action what happens when Foundry is clearly worse
 * @param ratio how many times legacy's figure Foundry's may be
 * @param margin how far above legacy's figure a share of Foundry's may be in any case, 0..1
 */
public record BaselineSettings(
    @Setting(
            value =
                "What happens when Foundry is clearly worse than legacy: in errors, or in anything"
                    + " else that its users feel, which never rolls back but holds.",
            byDefault = "'alert'")
        Action action,
    @Setting(
            value =
                "How many times legacy's figure Foundry's may be: error rate, refusals, latency,"
                    + " tokens, cost.",
            byDefault = "1.5",
            min = "1",
            max = "100")
        double ratio,
    @Setting(
            value =
                "How far above legacy's figure Foundry's may be in any case, where it is a share of"
                    + " the requests.",
            byDefault = "0.01",
            min = "0",
            max = "1")
        double margin) {

  /** The share that is allowed Foundry beside a share of legacy's, both 0..1. */
  public double allowed(double legacy) {
    return Math.min(1, ratio * legacy + margin);
  }
}
