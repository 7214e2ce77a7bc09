package com.huntaze.rollout.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * At most so many points of a span of time, whatever the number of rows: each point is of an equal
 * part of it, and has the mean of rates and costs, the share at its end, and the worst of all else,
 * so that a short trouble stays to be seen from afar. A part without a row is no point.
 */
public final class HistoryPoints {
  /** As many as a chart has room for. */
  public static final int MOST = 500;

  private final long from;
  private final long to;
  private final Part[] parts;
  private long rows;

  /** The sums and extremes of one part; two sides, each with {@link Figures#COUNT} places. */
  private static final class Part {
    private static final boolean[] MEAN = {true, false, false, false, false, true};
    private static final int SUCCESS = 1;
    private static final List<String> WORST_FIRST = List.of("rollback", "alert", "hold", "healthy");

    private final double[] value = new double[2 * Figures.COUNT];
    private final long[] count = new long[2 * Figures.COUNT];
    private HistoryRow last;
    private String verdict = "";

    private long rows;

    void add(HistoryRow row, long of) {
      rows += of;
      if (last == null || row.at() >= last.at()) {
        last = row;
      }
      if (badness(row.verdict()) > badness(verdict)) {
        verdict = row.verdict();
      }
      add(row.foundry().values(), 0, of);
      add(row.legacy().values(), Figures.COUNT, of);
    }

    /** A word that is not known here is a later version's, and better than none. */
    private static int badness(String verdict) {
      int place = WORST_FIRST.indexOf(verdict);
      int known = place < 0 ? 0 : WORST_FIRST.size() - place;
      return verdict.isEmpty() ? -1 : known;
    }

    private void add(List<Double> figures, int place, long of) {
      for (int i = 0; i < Figures.COUNT; i++) {
        double figure = figures.get(i);
        if (!Double.isNaN(figure)) {
          int at = place + i;
          double all = MEAN[i] ? figure * of : figure;
          value[at] = count[at] == 0 ? all : both(i, value[at], all);
          count[at] += of;
        }
      }
    }

    private static double both(int figure, double one, double other) {
      if (MEAN[figure]) {
        return one + other;
      }
      return figure == SUCCESS ? Math.min(one, other) : Math.max(one, other);
    }

    private Figures figures(int place) {
      List<Double> told = new ArrayList<>();
      for (int i = 0; i < Figures.COUNT; i++) {
        int at = place + i;
        double of = MEAN[i] ? value[at] / count[at] : value[at];
        told.add(count[at] == 0 ? Double.NaN : of);
      }
      return Figures.of(told);
    }

    HistoryRow row() {
      return new HistoryRow(
          last.at(), last.percentage(), verdict, figures(0), figures(Figures.COUNT));
    }
  }

  /**
   * @param from the first millisecond
   * @param to the last one, later than the first
   * @param most 1 to {@link #MOST}
   */
  public HistoryPoints(long from, long to, int most) {
    this.from = from;
    this.to = to;
    this.parts = new Part[most];
  }

  /** Takes a row, if it is of the span; in any order. */
  public void add(HistoryRow row) {
    add(row, 1);
  }

  /** Takes the point of so many rows, as other points have told it. */
  public void add(HistoryRow row, long of) {
    if (row.at() < from || row.at() > to) {
      return;
    }
    int place = (int) Math.min(parts.length - 1L, (row.at() - from) / step());
    if (parts[place] == null) {
      parts[place] = new Part();
    }
    parts[place].add(row, of);
    rows += of;
  }

  /** Takes all points of others, of the same span. */
  public HistoryPoints plus(HistoryPoints others) {
    for (Part part : others.parts) {
      if (part != null) {
        add(part.row(), part.rows);
      }
    }
    return this;
  }

  /** The time that one point is of, in milliseconds. */
  public long step() {
    return Math.max(1, (to - from) / parts.length);
  }

  /** The number of rows that the points are of. */
  public long rows() {
    return rows;
  }

  /** The numbers of rows that each point is of, oldest first. */
  public List<Long> rowsOfEach() {
    return Arrays.stream(parts).filter(Objects::nonNull).map(part -> part.rows).toList();
  }

  /** The points, oldest first. */
  public List<HistoryRow> all() {
    List<HistoryRow> all = new ArrayList<>();
    for (Part part : parts) {
      if (part != null) {
        all.add(part.row());
      }
    }
    return all;
  }
}
