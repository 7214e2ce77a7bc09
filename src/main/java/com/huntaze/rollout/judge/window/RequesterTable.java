package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps apart the counts of the users, or of the API keys, with most hits (errors, slow or dear
 * exchanges) of late, so that a finding can be looked at without any one of them. Single-threaded;
 * the memory is fixed.
 *
 * <p>A hit's weight halves with every {@value #HALF_LIFE} exchanges that the table is told of: who
 * failed often last week must not hide who fails now. When the table is full, the lightest one
 * makes room; whoever is left out that way has fewer hits than each of those in it, and is not
 * alone.
 */
final class RequesterTable {
  static final int MOST = 32;

  private static final double HALF_LIFE = 2_000;

  private final Apart kind;
  private final boolean admitsAll;
  private final List<Entry> entries = new ArrayList<>();
  private long exchanges;
  private long births;

  /**
   * @param admitsAll whether one is kept apart before its first hit
   */
  RequesterTable(Apart kind, boolean admitsAll) {
    this.kind = kind;
    this.admitsAll = admitsAll;
  }

  /**
   * Tells of a fact of an exchange.
   *
   * @param begins whether it is the exchange's first one
   * @param hit whether it speaks against the provider
   * @return where the fact is to be counted, {@code null} = it is not kept apart
   */
  Entry of(long hash, boolean begins, boolean hit) {
    exchanges += begins ? 1 : 0;
    Entry entry = find(hash);
    if (entry == null && (hit || admitsAll)) {
      entry = admit(hash);
    }
    if (entry != null && hit) {
      entry.weight = entry.weightAt(exchanges) + 1;
      entry.weighed = exchanges;
    }
    return entry;
  }

  /** The place of a requester that is kept apart, {@code null} = none. */
  Entry find(long hash) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).hash == hash) {
        return entries.get(i);
      }
    }
    return null;
  }

  private Entry admit(long hash) {
    if (entries.size() >= MOST) {
      Entry lightest = entries.get(0);
      for (Entry each : entries) {
        lightest = each.weightAt(exchanges) < lightest.weightAt(exchanges) ? each : lightest;
      }
      entries.remove(lightest);
    }
    Entry entry = new Entry(hash, ++births);
    entries.add(entry);
    return entry;
  }

  /** The counts of those that are kept apart now. */
  List<RequesterTotals> totals() {
    return entries.stream()
        .map(entry -> new RequesterTotals(new Maker(kind, entry.hash), entry.born, entry.totals()))
        .toList();
  }

  /** One that is kept apart. */
  static final class Entry {
    private final long hash;
    private final long born;
    private final Counts.Sum all = new Counts.Sum();
    private final Counts.Sum sampled = new Counts.Sum();
    private final double[] costWealth = new double[CostBets.COUNT];
    private double weight;
    private long weighed;

    private Entry(long hash, long born) {
      this.hash = hash;
      this.born = born;
    }

    private double weightAt(long exchanges) {
      return weight * Math.exp((weighed - exchanges) * Math.log(2) / HALF_LIFE);
    }

    void add(Counter counter, long more, boolean isSampled) {
      all.add(counter, more);
      if (isSampled) {
        sampled.add(counter, more);
      }
    }

    /** It turns out that this, counted before, was a sample's. */
    void addSampled(Counter counter, long known) {
      sampled.add(counter, known);
    }

    void addWealth(int bet, double nats) {
      costWealth[bet] += nats;
    }

    private StageTotals totals() {
      return new StageTotals(all.now(), sampled.now(), Arrays.stream(costWealth).boxed().toList());
    }
  }
}
