package com.huntaze.rollout.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values that a label may take: those that are configured, and the first few others. All that
 * comes after them is {@value #OTHER}, so that no caller can make a million time series.
 */
final class BoundedLabels {
  static final String OTHER = "other";
  static final String NONE = "none";

  private volatile Set<String> configured;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final int room;

  BoundedLabels(Set<String> configured, int room) {
    this.configured = Set.copyOf(configured);
    this.room = room;
  }

  /** Other values are configured; the others that were seen keep their places. */
  void configure(Set<String> newlyConfigured) {
    configured = Set.copyOf(newlyConfigured);
  }

  /** Returns whether the configuration names a value, or there is none. */
  boolean isConfigured(String value) {
    return value == null || configured.contains(value);
  }

  /** The label of a value, {@code null} included. */
  String of(String value) {
    if (value == null) {
      return NONE;
    }
    if (configured.contains(value) || seen.contains(value)) {
      return value;
    }
    // Two threads may both find the last place free; a few labels more do no harm.
    return seen.size() < room && seen.add(value) ? value : OTHER;
  }
}
