package com.huntaze.rollout.judge.window;

import java.util.List;
import java.util.Map;

/**
 * The counts of one source, of one provider in one stage, from its first exchange on.
 *
 * @param totals the counts
 * @param keys the user keys of the sampled exchanges
 * @param times for display, the times of each metric that is a measure of time
 * @param models counts by model, at most 33
 * @param apart the users and API keys whose counts are kept apart, at most 32 of each
 */
public record ProviderFigures(
    StageTotals totals,
    KeySketch keys,
    Map<Metric, LatencySnapshot> times,
    Map<String, Counts> models,
    List<RequesterTotals> apart) {
  public static final ProviderFigures NONE = of(StageTotals.NONE);

  public ProviderFigures {
    times = Map.copyOf(times);
    models = Map.copyOf(models);
    apart = List.copyOf(apart);
  }

  /** Counts without anything to display. */
  public static ProviderFigures of(StageTotals totals) {
    return new ProviderFigures(totals, KeySketch.EMPTY, Map.of(), Map.of(), List.of());
  }

  /** The times of a metric; without any an empty one. */
  public LatencySnapshot times(Metric metric) {
    return times.getOrDefault(metric, LatencySnapshot.EMPTY);
  }
}
