package com.huntaze.rollout.judge.fleet;

import com.huntaze.rollout.judge.window.Maker;
import com.huntaze.rollout.judge.window.ProviderFigures;
import com.huntaze.rollout.judge.window.RequesterTotals;
import com.huntaze.rollout.judge.window.StageTotals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The users and API keys that the sources of a process keep apart, each once: what a source's
 * counts of one have grown by is added. The one that has grown least recently makes room; if it
 * comes again it begins from zero, under another number, as with a source.
 */
final class ApartSums {
  /** Of both kinds together: a row of a full table stays below 10 KB on its way. */
  static final int MOST = 24;

  private final Map<Maker, RequesterTotals> sums = new LinkedHashMap<>(16, 0.75f, true);
  private long births;

  /** A source's figures have become others. */
  void add(ProviderFigures before, ProviderFigures after) {
    for (RequesterTotals each : after.apart()) {
      StageTotals more = each.grownSince(before);
      if (!more.equals(StageTotals.NONE)) {
        add(each.maker(), more);
      }
    }
  }

  private void add(Maker maker, StageTotals more) {
    RequesterTotals known = sums.get(maker);
    if (known == null) {
      if (sums.size() >= MOST) {
        sums.remove(sums.keySet().iterator().next());
      }
      sums.put(maker, new RequesterTotals(maker, ++births, more));
    } else {
      sums.put(maker, new RequesterTotals(maker, known.born(), known.totals().plus(more)));
    }
  }

  List<RequesterTotals> totals() {
    return List.copyOf(sums.values());
  }
}
