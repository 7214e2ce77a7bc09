package com.huntaze.rollout.cost;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The charges of an hour, of a day, or of all time.
 *
 * @param from when it begins, wall clock in milliseconds; 0 for altogether
 * @param by the sums by dimension and value; those of each dimension sum up to the same
 */
public record LedgerPeriod(long from, Map<Dimension, Map<String, LedgerTotals>> by) {

  static LedgerPeriod empty(long from) {
    Map<Dimension, Map<String, LedgerTotals>> by = new EnumMap<>(Dimension.class);
    for (Dimension dimension : Dimension.values()) {
      by.put(dimension, new TreeMap<>());
    }
    return new LedgerPeriod(from, by);
  }

  /** The sum of everything. */
  public LedgerTotals total() {
    return by.get(Dimension.PROVIDER).values().stream()
        .reduce(LedgerTotals.NONE, LedgerTotals::plus);
  }

  LedgerPeriod copy() {
    Map<Dimension, Map<String, LedgerTotals>> copy = new EnumMap<>(Dimension.class);
    by.forEach((dimension, rows) -> copy.put(dimension, new TreeMap<>(rows)));
    return new LedgerPeriod(from, copy);
  }
}
