package com.huntaze.rollout.judge.fleet;

import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.KeySketch;
import com.huntaze.rollout.judge.window.LatencySnapshot;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.ProviderFigures;
import com.huntaze.rollout.judge.window.StageTotals;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One provider's figures in one stage, summed over the sources of a process: the latest of each.
 * Counts only grow, so that the sum is cumulative as its parts are.
 */
final class FiguresSum {
  /** Sources end with each change of the limits: older ones are folded into one. */
  static final int MOST_PARTS = 256;

  private static final int MOST_MODELS = 32;
  private static final String OTHER = "other";

  /** A source, and the version at which it began to count for the stage. */
  record Part(String source, long born) {}

  /** The least recently heard first. */
  private final Map<Part, ProviderFigures> parts = new LinkedHashMap<>(16, 0.75f, true);

  private final ApartSums apart = new ApartSums();
  private ProviderFigures folded = ProviderFigures.NONE;
  private ProviderFigures sum = ProviderFigures.NONE;
  private boolean changed;

  void take(Part part, ProviderFigures latest) {
    ProviderFigures before = parts.get(part);
    if (before == latest) {
      return;
    }
    if (before == null && parts.size() >= MOST_PARTS) {
      Part oldest = parts.keySet().iterator().next();
      folded = plus(List.of(folded, parts.remove(oldest)));
    }
    apart.add(before == null ? ProviderFigures.NONE : before, latest);
    parts.put(part, latest);
    changed = true;
  }

  /** The sum; the same object as long as nothing has come. */
  ProviderFigures now() {
    if (changed) {
      changed = false;
      ProviderFigures all =
          plus(Stream.concat(Stream.of(folded), parts.values().stream()).toList());
      sum =
          new ProviderFigures(all.totals(), all.keys(), all.times(), all.models(), apart.totals());
    }
    return sum;
  }

  private static ProviderFigures plus(List<ProviderFigures> all) {
    StageTotals totals = StageTotals.NONE;
    KeySketch keys = KeySketch.EMPTY;
    Map<Metric, LatencySnapshot> times = new EnumMap<>(Metric.class);
    Map<String, Counts> models = new HashMap<>();
    for (ProviderFigures each : all) {
      totals = totals.plus(each.totals());
      keys = keys.union(each.keys());
      each.times().forEach((metric, more) -> times.merge(metric, more, LatencySnapshot::plus));
      each.models().forEach((model, more) -> models.merge(kept(models, model), more, Counts::plus));
    }
    return new ProviderFigures(totals, keys, times, models, List.of());
  }

  private static String kept(Map<String, Counts> models, String model) {
    return models.containsKey(model) || models.size() < MOST_MODELS ? model : OTHER;
  }
}
