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
  /** Rows of a sum: books of a replica have fewer, unless there are as many keys. */
  private static final int MOST_ROWS = 10_000;

  /** The sum of everything. */
  public LedgerTotals total() {
    return by.values().stream()
        .filter(rows -> !rows.isEmpty())
        .findFirst()
        .orElse(Map.of())
        .values()
        .stream()
        .reduce(LedgerTotals.NONE, LedgerTotals::plus);
  }

  /** The same by one dimension alone. */
  LedgerPeriod only(Dimension dimension) {
    Map<Dimension, Map<String, LedgerTotals>> one = new EnumMap<>(Dimension.class);
    one.put(dimension, by.getOrDefault(dimension, Map.of()));
    return new LedgerPeriod(from, one);
  }

  /** Both together; values for which there is no room are {@value CostLedger#OTHER}. */
  LedgerPeriod plus(LedgerPeriod more) {
    Map<Dimension, Map<String, LedgerTotals>> sum = new EnumMap<>(Dimension.class);
    by.forEach((dimension, rows) -> sum.put(dimension, new TreeMap<>(rows)));
    more.by.forEach(
        (dimension, rows) -> {
          Map<String, LedgerTotals> sums = sum.computeIfAbsent(dimension, any -> new TreeMap<>());
          rows.forEach(
              (value, totals) -> {
                boolean fits = sums.containsKey(value) || sums.size() < MOST_ROWS;
                sums.merge(fits ? value : CostLedger.OTHER, totals, LedgerTotals::plus);
              });
        });
    return new LedgerPeriod(from, sum);
  }
}
