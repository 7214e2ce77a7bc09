package com.huntaze.rollout.judge.window;

import java.util.List;

/**
 * A source's report to the judge, four times a second. Deeply immutable: it crosses threads by
 * reference.
 *
 * @param source the incarnation of the source
 * @param rows everything that it has counted, as {@link ObservationCounter#rows} gives it
 * @param last whether it ends with this: its silence from now on is no staleness
 */
public record SourceReport(String source, List<MetricsRow> rows, boolean last) {
  /** Copies the list, so that the record never changes. */
  public SourceReport {
    rows = List.copyOf(rows);
  }
}
