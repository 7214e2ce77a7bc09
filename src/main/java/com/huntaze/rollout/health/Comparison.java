package com.huntaze.rollout.health;

/**
 * Both providers side by side, over the stage.
 *
 * @param errors the shares of errors
 * @param slow the shares of slow exchanges
 * @param foundryMeanCost USD per exchange of known cost, without data 0
 * @param legacyMeanCost the same of legacy
 */
public record Comparison(
    ShareComparison errors, ShareComparison slow, double foundryMeanCost, double legacyMeanCost) {

  static Comparison of(Tally foundry, Tally legacy) {
    return new Comparison(
        ShareComparison.of(foundry.settled(), foundry.errors(), legacy.settled(), legacy.errors()),
        ShareComparison.of(foundry.observed(), foundry.slow(), legacy.observed(), legacy.slow()),
        Rate.of(foundry.costNano(), foundry.costKnown()) / Thresholds.NANO,
        Rate.of(legacy.costNano(), legacy.costKnown()) / Thresholds.NANO);
  }

  /** Legacy's mean cost minus Foundry's, USD: what a request saves. */
  public double savedPerRequest() {
    return legacyMeanCost - foundryMeanCost;
  }
}
