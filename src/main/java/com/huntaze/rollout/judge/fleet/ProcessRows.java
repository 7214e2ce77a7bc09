package com.huntaze.rollout.judge.fleet;

import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.provider.Provider;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums the rows of a process's sources to one cumulative row a stage, which is one source more to a
 * judge: a row that is lost, doubled or late on its way changes nothing in the end.
 * Single-threaded.
 */
public final class ProcessRows {
  /** A source tells of four stages at most. */
  static final int MOST_STAGES = 8;

  private final String source;
  private final Map<StageKey, StageSum> stages = new LinkedHashMap<>(16, 0.75f, true);

  private long version;

  private record StageKey(String epoch, int stage) {}

  /**
   * @param source an id that no other process and no earlier incarnation has
   */
  public ProcessRows(String source) {
    this.source = source;
  }

  /** A row of one of the sources, in any order, once or more. */
  public void take(MetricsRow row) {
    StageKey key = new StageKey(row.epoch(), row.stage());
    StageSum sum = stages.get(key);
    if (sum == null) {
      if (stages.size() >= MOST_STAGES) {
        stages.remove(stages.keySet().iterator().next());
      }
      sum = new StageSum(++version);
      stages.put(key, sum);
    }
    sum.take(row);
  }

  /**
   * The rows of the stages of which something is new, and the row of the latest as a sign of life.
   */
  public List<MetricsRow> rows() {
    List<MetricsRow> rows = new ArrayList<>();
    int left = stages.size();
    for (Map.Entry<StageKey, StageSum> each : stages.entrySet()) {
      left--;
      if (each.getValue().changed || left == 0) {
        rows.add(each.getValue().row(source, ++version, each.getKey()));
      }
    }
    return rows;
  }

  private static final class StageSum {
    private final long born;

    /** The version of each source's latest row, so that late ones change nothing. */
    private final Map<FiguresSum.Part, Long> latest = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<Provider, FiguresSum> sums = new EnumMap<>(Provider.class);
    private boolean changed = true;

    StageSum(long born) {
      this.born = born;
      for (Provider provider : Provider.values()) {
        sums.put(provider, new FiguresSum());
      }
    }

    void take(MetricsRow row) {
      FiguresSum.Part part = new FiguresSum.Part(row.source(), row.born());
      if (latest.getOrDefault(part, Long.MIN_VALUE) >= row.version()) {
        return;
      }
      latest.put(part, row.version());
      if (latest.size() > 2 * FiguresSum.MOST_PARTS) {
        latest.remove(latest.keySet().iterator().next());
      }
      sums.forEach((provider, sum) -> sum.take(part, row.of(provider)));
      changed = true;
    }

    MetricsRow row(String source, long version, StageKey key) {
      changed = false;
      return new MetricsRow(
          source,
          version,
          key.epoch(),
          key.stage(),
          born,
          sums.get(Provider.FOUNDRY).now(),
          sums.get(Provider.LEGACY).now());
    }
  }
}
