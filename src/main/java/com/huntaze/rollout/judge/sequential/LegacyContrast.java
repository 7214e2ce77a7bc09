package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.health.BaselineSettings;
import com.huntaze.rollout.judge.window.Rate;

/**
 * Compares the outcomes of both providers in one stretch of time: is Foundry shown to be worse than
 * it may be beside legacy, or legacy shown to be well? If neither, both may have the same trouble.
 *
 * <p>Foundry is shown to be worse where the likeliest pair of error rates is {@code e^7} times
 * likelier than the likeliest pair of which Foundry's is at most {@code ratio * legacy's + margin}.
 * Legacy is shown to be well where its outcomes are {@code e^7.5} times likelier at the limit than
 * at a rate nearly as high as Foundry's. The numbers are those for which simulated outages of both
 * were not taken for Foundry's, and outages of Foundry's were found soonest ({@code
 * docs/reports/judge.md}).
 */
final class LegacyContrast {
  static final double WORSE = 7;

  /** The same where it is looked at once, as when the breaker has opened and its trial failed. */
  static final double WORSE_AT_ONCE = 4;

  static final double WELL = 7.5;

  /** A trouble of both may be so many times worse at Foundry. */
  private static final double ALIKE = 1.2;

  private static final int STEPS = 60;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double MOST = 1 - 1e-12;

  private final double limit;
  private final BaselineSettings allowed;

  /**
   * @param limit the largest healthy error rate, 0..1
   * @param allowed how far Foundry's may be above legacy's
   */
  LegacyContrast(double limit, BaselineSettings allowed) {
    this.limit = limit;
    this.allowed = allowed;
  }

  /** Tells whether it is neither shown that Foundry is worse nor that legacy is well. */
  boolean mayBeShared(double enough, long n, long errors, long legacy, long legacyErrors) {
    return worse(n, errors, legacy, legacyErrors) < enough
        && well(n, errors, legacy, legacyErrors) < WELL;
  }

  /**
   * Returns the nats by which it is likelier that Foundry is worse than it may be; 0 = it is not.
   *
   * @param n Foundry's outcomes, of which so many are errors
   * @param legacy legacy's, of which so many are errors
   */
  double worse(long n, long errors, long legacy, long legacyErrors) {
    double rate = Rate.of(errors, n);
    double beside = Rate.of(legacyErrors, legacy);
    if (rate <= allowed.allowed(beside)) {
      return 0;
    }
    double free = ln(errors, n, rate) + ln(legacyErrors, legacy, beside);
    // The likeliest excuse lies between legacy's own rate and the one that allows all of Foundry's.
    double low = beside;
    double high = Math.min(1, Math.max(beside, (rate - allowed.margin()) / allowed.ratio()));
    for (int i = 0; i < STEPS; i++) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      boolean lower =
          excused(left, n, errors, legacy, legacyErrors)
              > excused(right, n, errors, legacy, legacyErrors);
      low = lower ? low : left;
      high = lower ? right : high;
    }
    return Math.max(0, free - excused((low + high) / 2, n, errors, legacy, legacyErrors));
  }

  private double excused(double beside, long n, long errors, long legacy, long legacyErrors) {
    double rate = Math.min(Rate.of(errors, n), allowed.allowed(beside));
    return ln(errors, n, rate) + ln(legacyErrors, legacy, beside);
  }

  private double well(long n, long errors, long legacy, long legacyErrors) {
    double excuse =
        Math.max(limit, Math.min(MOST, (Rate.of(errors, n) - allowed.margin()) / ALIKE));
    double beside = Rate.of(legacyErrors, legacy);
    double sick = beside > limit ? Math.min(beside, excuse) : excuse;
    return ln(legacyErrors, legacy, limit) - ln(legacyErrors, legacy, sick);
  }

  /** The logarithm of the likelihood of so many hits at a rate. */
  private static double ln(long hits, long n, double rate) {
    return part(hits, rate) + part(n - hits, 1 - rate);
  }

  private static double part(long count, double share) {
    return count == 0 ? 0 : count * Math.log(Math.max(share, 1 - MOST));
  }
}
