package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Thresholds;

/**
 * Both providers side by side, over the stage.
 *
 * @param errors the shares of errors
 * @param slow the shares of slow exchanges
 * @param foundryMeanCost USD per exchange of known cost, {@code null} = none is known
 * @param legacyMeanCost the same of legacy
 */
public record Comparison(
    ShareComparison errors, ShareComparison slow, Double foundryMeanCost, Double legacyMeanCost) {

  public static Comparison of(Counts foundry, Counts legacy) {
    return new Comparison(
        ShareComparison.of(Metric.ERROR_RATE, foundry, legacy),
        ShareComparison.of(Metric.LATENCY_P95, foundry, legacy),
        meanCost(foundry),
        meanCost(legacy));
  }

  private static Double meanCost(Counts counts) {
    return counts.get(Metric.COST_PER_REQUEST.denominator()) == 0
        ? null
        : Double.valueOf(counts.rate(Metric.COST_PER_REQUEST) / Thresholds.NANO);
  }
}
