package com.huntaze.rollout.judge.sequential;

import com.huntaze.rollout.judge.window.Metric;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The sequential tests at one tick.
 *
 * @param evidence by metric, of those that have a test
 * @param arms both sides' counts of the comparison with legacy
 * @param keys distinct user keys
 */
public record SequentialFigures(Map<Metric, EvidenceFigures> evidence, ArmCounts arms, long keys) {
  /** Copies the map, so that the record never changes. */
  public SequentialFigures {
    Map<Metric, EvidenceFigures> copy = new EnumMap<>(Metric.class);
    copy.putAll(evidence);
    evidence = Collections.unmodifiableMap(copy);
  }

  /** A metric's evidence; of one without a test, none that is enabled. */
  public EvidenceFigures of(Metric metric) {
    EvidenceFigures figures = evidence.get(metric);
    return figures == null ? EvidenceFigures.none(metric) : figures;
  }

  /** The same with other evidence of one metric. */
  public SequentialFigures with(EvidenceFigures figures) {
    Map<Metric, EvidenceFigures> changed = new EnumMap<>(Metric.class);
    changed.putAll(evidence);
    changed.put(figures.metric(), figures);
    return new SequentialFigures(changed, arms, keys);
  }
}
