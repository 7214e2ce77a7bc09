package com.huntaze.rollout.cost;

import java.util.Map;

/**
 * The charges of an hour, of a day, or of all time.
 *
 * @param from when it begins, wall clock in milliseconds; 0 for altogether
 * @param by the sums by dimension and value; those of each dimension sum up to the same
 */
public record LedgerPeriod(long from, Map<Dimension, Map<String, LedgerTotals>> by) {

  /** The sum of everything. */
  public LedgerTotals total() {
    return by.get(Dimension.PROVIDER).values().stream()
        .reduce(LedgerTotals.NONE, LedgerTotals::plus);
  }
}
