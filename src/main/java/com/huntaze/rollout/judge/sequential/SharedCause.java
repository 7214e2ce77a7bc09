package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;

/**
 * Tells whether both providers fail in the same time, and Foundry no worse than it may be: then its
 * failures are no reason to send everything to the other one.
 *
 * @param holds whether that holds Foundry's findings back
 * @param expired whether it has for so long that the time of health runs again
 * @param foundry Foundry's sampled outcomes of the time looked at
 * @param legacy legacy's own of the same time: no failovers from Foundry
 */
public record SharedCause(boolean holds, boolean expired, Counts foundry, Counts legacy) {
  /** Nothing is held back. */
  public static final SharedCause NONE = new SharedCause(false, false, Counts.NONE, Counts.NONE);

  /** A sentence with both figures, and what the rollout waits for. */
  public String sentence() {
    String what =
        errors(legacy) > 0
            ? "held: both providers fail, foundry %s and legacy %s in the same time; rolled back once"
                + " foundry is clearly worse"
            : "held: foundry failed %s; legacy failed %s in the same time, too few answers yet to"
                + " tell that it is well";
    return what.formatted(of(foundry), of(legacy));
  }

  private static String of(Counts counts) {
    return "%d of %d".formatted(errors(counts), counts.get(Metric.BASELINE.denominator()));
  }

  private static long errors(Counts counts) {
    return counts.get(Metric.BASELINE.numerator());
  }
}
