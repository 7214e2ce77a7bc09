package com.huntaze.rollout.health;

/**
 * Whether Foundry answers 404 far more often than legacy does: a wrong deployment or path looks
 * like that. A 404 is the caller's error, so this decides nothing; it is only told.
 *
 * <p>Far more often: even the lowest share of Foundry's that its answers allow (with 95 %) is over
 * what legacy's highest allows by {@link BaselineSettings}. Where legacy has too few answers, over
 * {@value #ALONE_BASIS_POINTS} basis points.
 */
final class NotFoundRule {
  /** The answers that a side needs. */
  static final long LEAST = 20;

  private static final int ALONE_BASIS_POINTS = 500;
  private static final double ALONE = ALONE_BASIS_POINTS / 10_000.0;
  private static final ConfidenceSequence INTERVALS = new ConfidenceSequence(0.05);

  private final BaselineSettings allowed;

  NotFoundRule(BaselineSettings allowed) {
    this.allowed = allowed;
  }

  boolean exceeds(NotFoundCounts counts) {
    ShareCounts foundry = counts.foundry();
    if (foundry.n() < LEAST || Rate.of(foundry.hits(), foundry.n()) <= limit(counts)) {
      return false;
    }
    ShareCounts legacy = counts.legacy();
    double most = compares(counts) ? INTERVALS.of(legacy.n(), legacy.hits()).high() : 0;
    double bound = compares(counts) ? allowed(most) : ALONE;
    return INTERVALS.of(foundry.n(), foundry.hits()).low() > bound;
  }

  /** Whether legacy has enough answers to compare with. */
  boolean compares(NotFoundCounts counts) {
    return counts.legacy().n() >= LEAST;
  }

  /** The largest share that is not told of, 0..1. */
  double limit(NotFoundCounts counts) {
    ShareCounts legacy = counts.legacy();
    return compares(counts) ? allowed(Rate.of(legacy.hits(), legacy.n())) : ALONE;
  }

  private double allowed(double share) {
    return Math.min(1, allowed.ratio() * share + allowed.margin());
  }
}
