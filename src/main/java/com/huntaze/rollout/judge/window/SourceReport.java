package com.huntaze.rollout.judge.window;

import com.huntaze.rollout.judge.difference.Compared;
import com.huntaze.rollout.judge.served.ServedExchange;
import java.util.List;

/**
 * A source's report to the judge, four times a second. Deeply immutable: it crosses threads by
 * reference.
 *
 * @param source the incarnation of the source
 * @param rows everything that it has counted, as {@link ObservationCounter#rows} gives it
 * @param compared the exchanges that have ended since the report before, for the comparison with
 *     legacy
 * @param served those of them of which the split decides, for the share served
 * @param last whether it ends with this: its silence from now on is no staleness
 */
public record SourceReport(
    String source,
    List<MetricsRow> rows,
    List<Compared> compared,
    List<ServedExchange> served,
    boolean last) {
  /** Copies the lists, so that the record never changes. */
  public SourceReport {
    rows = List.copyOf(rows);
    compared = List.copyOf(compared);
    served = List.copyOf(served);
  }
}
