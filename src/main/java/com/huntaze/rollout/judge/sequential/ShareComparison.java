package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Rate;

/**
 * A share of both providers, side by side, with intervals that hold at all times at once with 95 %.
 *
 * @param foundry Foundry's share, 0..1, without data 0
 * @param foundryInterval where its true share is
 * @param legacy legacy's share
 * @param legacyInterval where that is
 * @param difference Foundry's minus legacy's, -1..1
 * @param differenceInterval where the true difference is; wider, as it has two ways to be wrong
 */
public record ShareComparison(
    double foundry,
    Interval foundryInterval,
    double legacy,
    Interval legacyInterval,
    double difference,
    Interval differenceInterval) {
  private static final ConfidenceSequence ALONE = new ConfidenceSequence(0.05);
  private static final ConfidenceSequence OF_TWO = new ConfidenceSequence(0.025);

  /** Compares a metric's shares of both providers. */
  static ShareComparison of(Metric metric, Counts ofFoundry, Counts ofLegacy) {
    long n = ofFoundry.get(metric.denominator());
    long s = ofFoundry.get(metric.numerator());
    long m = ofLegacy.get(metric.denominator());
    long t = ofLegacy.get(metric.numerator());
    Interval foundry = OF_TWO.of(n, s);
    Interval legacy = OF_TWO.of(m, t);
    return new ShareComparison(
        Rate.of(s, n),
        ALONE.of(n, s),
        Rate.of(t, m),
        ALONE.of(m, t),
        Rate.of(s, n) - Rate.of(t, m),
        new Interval(foundry.low() - legacy.high(), foundry.high() - legacy.low()));
  }
}
