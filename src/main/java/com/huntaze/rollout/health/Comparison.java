package com.huntaze.rollout.health;

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

  static Comparison of(Tally foundry, Tally legacy) {
    return new Comparison(
        ShareComparison.of(foundry.settled(), foundry.errors(), legacy.settled(), legacy.errors()),
        ShareComparison.of(foundry.observed(), foundry.slow(), legacy.observed(), legacy.slow()),
        meanCost(foundry),
        meanCost(legacy));
  }

  private static Double meanCost(Tally tally) {
    return tally.costKnown() == 0
        ? null
        : Double.valueOf(Rate.of(tally.costNano(), tally.costKnown()) / Thresholds.NANO);
  }
}
