package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.health.HealthSettings;
import java.util.EnumMap;
import java.util.Map;

/**
 * The limits in the whole numbers that are counted in.
 *
 * @param limits each metric's, in the unit of its {@link Measure}
 * @param minRequests the observations that the plain rule needs
 */
public record Thresholds(Map<Metric, Long> limits, long minRequests) {
  /** Nano-USD in a USD. */
  public static final double NANO = 1e9;

  /** Copies the map, so that the record never changes. */
  public Thresholds {
    limits = new EnumMap<>(limits);
  }

  /** The limits that the configuration names; it has checked that they are whole numbers. */
  public static Thresholds of(HealthSettings settings) {
    Map<Metric, Long> limits = new EnumMap<>(Metric.class);
    Metric.ALL.forEach(metric -> limits.put(metric, metric.limit(settings)));
    return new Thresholds(limits, settings.minRequests());
  }

  /** A metric's limit: basis points, milliseconds or nano-USD. */
  public long of(Metric metric) {
    return limits.get(metric);
  }
}
