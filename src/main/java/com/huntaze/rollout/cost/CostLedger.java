package com.huntaze.rollout.cost;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The books: every charge by model, agent, tier, provider, key, deployment and region, per hour and
 * day, to the nano-dollar. Thread-safe. Bounded: values that nobody has configured share a limited
 * number of rows, and the rest of them are {@value #OTHER}.
 */
public final class CostLedger {
  /** The row of values for which there is no room. */
  public static final String OTHER = "other";

  /** The row of what has no value: no key, no agent. */
  public static final String NONE = "none";

  static final int HOURS_KEPT = 72;
  static final int DAYS_KEPT = 400;
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);
  private static final Dimension[] DIMENSIONS = Dimension.values();
  private static final long DAY = TimeUnit.DAYS.toMillis(1);

  private PriceBook prices;
  private Map<Dimension, Set<String>> configured;
  private final int room;
  private final TreeMap<Long, RunningPeriod> hours = new TreeMap<>();
  private final TreeMap<Long, RunningPeriod> days = new TreeMap<>();
  private final RunningPeriod total = new RunningPeriod(0);
  private long changes;

  /**
   * @param prices tells under which name a model is listed
   * @param configured values that always have a row of their own
   * @param room how many other values a dimension has rows for
   */
  public CostLedger(PriceBook prices, Map<Dimension, Set<String>> configured, int room) {
    this.prices = prices;
    this.configured = Map.copyOf(configured);
    this.room = room;
  }

  /**
   * Goes on with other prices and names; what was entered stays as it was.
   *
   * @param newPrices tells under which name a model is listed
   * @param newlyConfigured values that always have a row of their own
   */
  public synchronized void configure(
      PriceBook newPrices, Map<Dimension, Set<String>> newlyConfigured) {
    prices = newPrices;
    configured = Map.copyOf(newlyConfigured);
  }

  /**
   * Enters all charges of a request.
   *
   * @param at when it ended, wall clock in milliseconds
   */
  public synchronized void add(long at, Caller caller, List<Charge> charges) {
    for (Charge charge : charges) {
      add(at, caller, charge);
    }
  }

  private void add(long at, Caller caller, Charge charge) {
    changes++;
    LedgerTotals more = LedgerTotals.of(charge);
    RunningPeriod hour = period(hours, at, HOUR, HOURS_KEPT);
    RunningPeriod day = period(days, at, DAY, DAYS_KEPT);
    for (Dimension dimension : DIMENSIONS) {
      String value = value(dimension, caller, charge);
      add(total, dimension, value, more);
      add(hour, dimension, value, more);
      add(day, dimension, value, more);
    }
  }

  private static RunningPeriod period(
      TreeMap<Long, RunningPeriod> periods, long at, long length, int kept) {
    long from = Math.floorDiv(at, length) * length;
    // Almost always the newest, for which no number has to become an object.
    Long newest = periods.isEmpty() ? null : periods.lastKey();
    if (newest != null && newest == from) {
      return periods.get(newest);
    }
    RunningPeriod period = periods.computeIfAbsent(from, RunningPeriod::new);
    while (periods.size() > kept) {
      periods.pollFirstEntry();
    }
    return period;
  }

  private void add(RunningPeriod period, Dimension dimension, String value, LedgerTotals more) {
    period.add(dimension, row(dimension, period.rows(dimension), value), more);
  }

  private String value(Dimension dimension, Caller caller, Charge charge) {
    String value =
        switch (dimension) {
          case MODEL -> prices.listedOrOwn(charge.model());
          case AGENT -> caller.agent();
          case TIER -> caller.tier();
          case PROVIDER -> charge.provider().label();
          case KEY -> caller.keyId();
          case DEPLOYMENT -> charge.deployment();
          case REGION -> charge.region();
        };
    return value == null ? NONE : value;
  }

  private String row(Dimension dimension, Map<String, RunningTotals> rows, String value) {
    Set<String> always = configured.getOrDefault(dimension, Set.of());
    boolean fits = rows.containsKey(value) || rows.size() < room + always.size();
    return fits || always.contains(value) || value.equals(NONE) ? value : OTHER;
  }

  /** All that is known now; a copy. */
  public synchronized LedgerSnapshot snapshot() {
    return new LedgerSnapshot(total.now(), copies(hours), copies(days));
  }

  private static List<LedgerPeriod> copies(TreeMap<Long, RunningPeriod> periods) {
    return periods.values().stream().map(RunningPeriod::now).toList();
  }

  /** Returns the number of charges since the start: when it stands still, nothing is to be kept. */
  public synchronized long changes() {
    return changes;
  }

  /** Adds what an earlier process has left to what was charged before it could be read. */
  public synchronized void restore(LedgerSnapshot kept) {
    changes += changes > 0 ? 1 : 0;
    add(total, kept.total());
    kept.hours().forEach(hour -> restore(hours, hour));
    kept.days().forEach(day -> restore(days, day));
  }

  private static void restore(TreeMap<Long, RunningPeriod> periods, LedgerPeriod kept) {
    add(periods.computeIfAbsent(kept.from(), RunningPeriod::new), kept);
  }

  private static void add(RunningPeriod period, LedgerPeriod more) {
    more.by()
        .forEach(
            (dimension, rows) ->
                rows.forEach((value, totals) -> period.add(dimension, value, totals)));
  }
}
