package com.huntaze.rollout.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * All that a ledger knows at one moment.
 *
 * @param total since the ledger was begun
 * @param hours the last hours in which there were charges, oldest first, UTC
 * @param days the last days in which there were charges, oldest first, UTC
 */
public record LedgerSnapshot(
    LedgerPeriod total, List<LedgerPeriod> hours, List<LedgerPeriod> days) {

  /** The same by one dimension alone. */
  public LedgerSnapshot only(Dimension dimension) {
    return new LedgerSnapshot(
        total.only(dimension),
        hours.stream().map(hour -> hour.only(dimension)).toList(),
        days.stream().map(day -> day.only(dimension)).toList());
  }

  /** Both books as one, with no more hours and days than one of them keeps. */
  public LedgerSnapshot plus(LedgerSnapshot other) {
    return new LedgerSnapshot(
        total.plus(other.total),
        joined(hours, other.hours, CostLedger.HOURS_KEPT),
        joined(days, other.days, CostLedger.DAYS_KEPT));
  }

  private static List<LedgerPeriod> joined(
      List<LedgerPeriod> one, List<LedgerPeriod> other, int kept) {
    TreeMap<Long, LedgerPeriod> all = new TreeMap<>();
    one.forEach(period -> all.merge(period.from(), period, LedgerPeriod::plus));
    other.forEach(period -> all.merge(period.from(), period, LedgerPeriod::plus));
    while (all.size() > kept) {
      all.pollFirstEntry();
    }
    return new ArrayList<>(all.values());
  }
}
