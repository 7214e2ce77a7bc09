package com.huntaze.rollout.judge.window;

/**
 * The user or API key with the largest part of what a window counts against Foundry.
 *
 * @param kind whose it is
 * @param hits its part of the numerator: exchanges, or nano-USD
 * @param exchanges the exchanges that made it
 */
public record Standout(Apart kind, long hits, long exchanges) {
  /** Tells whether it made more than half of all. */
  public boolean isMostOf(long all) {
    return hits > all / 2;
  }

  /** Its part in words, such as {@code 1 user made 96 of 104}. */
  public String sentence(Metric metric, long all) {
    if (metric.measure() != Measure.MEAN_COST) {
      // Its part is known to ten seconds, the whole to one.
      return "1 %s made %d of %d".formatted(kind.label(), Math.min(hits, all), all);
    }
    return exchanges == 1
        ? "one answer of " + Figure.usd(hits)
        : "1 %s's %d answers cost %s of %s"
            .formatted(kind.label(), exchanges, Figure.usd(hits), Figure.usd(all));
  }
}
