package com.huntaze.rollout.health;

import java.util.Map;

/**
 * What one source has counted of one provider in one stage, from its first exchange on.
 *
 * @param all every exchange
 * @param sampled at most one exchange per user key and 10 s
 * @param keys the user keys of the sampled ones
 * @param latency for display
 * @param models sums by model, at most 33
 */
record ProviderFigures(
    Tally all,
    SampledTally sampled,
    KeySketch keys,
    LatencySnapshot latency,
    Map<String, ModelTally> models) {
  static final ProviderFigures NONE =
      new ProviderFigures(
          Tally.NONE, SampledTally.NONE, KeySketch.EMPTY, LatencySnapshot.EMPTY, Map.of());

  ProviderFigures {
    models = Map.copyOf(models);
  }
}
