package com.huntaze.rollout.health;

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

  /** A sentence with both figures. */
  public String sentence() {
    long of = legacy.get(Metric.BASELINE.denominator());
    String other =
        of == 0
            ? "legacy has not answered in that time yet"
            : "legacy failed %d of %d in the same time".formatted(errors(legacy), of);
    return "held: both providers fail, foundry %d of %d; %s"
        .formatted(errors(foundry), foundry.get(Metric.BASELINE.denominator()), other);
  }

  private static long errors(Counts counts) {
    return counts.get(Metric.BASELINE.numerator());
  }
}
