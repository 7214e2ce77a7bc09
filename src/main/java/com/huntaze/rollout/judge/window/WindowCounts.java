package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One provider's counts that a verdict looks at: each metric has the window of its own denominator
 * (see {@link StageFigures}); mostly they are the same. Immutable.
 */
public final class WindowCounts {
  /** Empty windows. */
  public static final WindowCounts NONE = of(Counts.NONE);

  private final Map<Metric, Counts> byMetric;

  private WindowCounts(Map<Metric, Counts> byMetric) {
    this.byMetric = byMetric;
  }

  /** The same window for every metric. */
  public static WindowCounts of(Counts counts) {
    Map<Metric, Counts> same = new EnumMap<>(Metric.class);
    Metric.windowed().forEach(metric -> same.put(metric, counts.only(metric.counters())));
    return new WindowCounts(same);
  }

  static WindowCounts of(Map<Metric, Counts> byMetric) {
    return new WindowCounts(new EnumMap<>(byMetric));
  }

  /** The same with another window of one metric. */
  WindowCounts with(Metric metric, Counts counts) {
    Map<Metric, Counts> changed = new EnumMap<>(byMetric);
    changed.put(metric, counts.only(metric.counters()));
    return new WindowCounts(changed);
  }

  /** A metric's window. */
  public Counts of(Metric metric) {
    return byMetric.getOrDefault(metric, Counts.NONE);
  }

  /**
   * The windows of the plain rule as one object for JSON; the first metric with a counter tells.
   */
  public Map<String, Long> named() {
    Map<String, Long> named = new LinkedHashMap<>();
    Metric.judgedBy(Rule.PLAIN)
        .forEach(
            metric -> {
              for (Counter counter : metric.counters()) {
                named.putIfAbsent(counter.label(), of(metric).get(counter));
              }
            });
    return named;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WindowCounts windows && byMetric.equals(windows.byMetric);
  }

  @Override
  public int hashCode() {
    return byMetric.hashCode();
  }

  @Override
  public String toString() {
    return byMetric.toString();
  }
}
