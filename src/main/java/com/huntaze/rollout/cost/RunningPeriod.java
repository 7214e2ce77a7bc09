package com.huntaze.rollout.cost;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The charges of an hour, of a day, or of all time, while they come. */
final class RunningPeriod {
  private final long from;
  private final Map<Dimension, Map<String, RunningTotals>> by = new EnumMap<>(Dimension.class);

  /**
   * @param from when it begins, wall clock in milliseconds; 0 for altogether
   */
  RunningPeriod(long from) {
    this.from = from;
    for (Dimension dimension : Dimension.values()) {
      by.put(dimension, new TreeMap<>());
    }
  }

  /** Returns the rows of a dimension, by its values. */
  Map<String, RunningTotals> rows(Dimension dimension) {
    return by.get(dimension);
  }

  /** Adds to the row of a value, which is begun if there is none. */
  void add(Dimension dimension, String value, LedgerTotals more) {
    Map<String, RunningTotals> rows = by.get(dimension);
    RunningTotals row = rows.get(value);
    if (row == null) {
      row = new RunningTotals();
      rows.put(value, row);
    }
    row.add(more);
  }

  /** All of it as it is now. */
  LedgerPeriod now() {
    Map<Dimension, Map<String, LedgerTotals>> copy = new EnumMap<>(Dimension.class);
    by.forEach(
        (dimension, rows) -> {
          Map<String, LedgerTotals> sums = new TreeMap<>();
          rows.forEach((value, totals) -> sums.put(value, totals.now()));
          copy.put(dimension, sums);
        });
    return new LedgerPeriod(from, copy);
  }
}
