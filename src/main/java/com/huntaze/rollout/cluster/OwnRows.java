package com.huntaze.rollout.cluster;

import com.huntaze.rollout.judge.fleet.ProcessRows;
import com.huntaze.rollout.judge.window.Metric.Counter;
import com.huntaze.rollout.judge.window.MetricsRow;
import com.huntaze.rollout.judge.window.SourceReport;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of this process, summed, and when the leader is to have them: once a second, and a
 * quarter of a second after an error. Single-threaded.
 */
final class OwnRows {
  static final long SEND_MILLIS = 1_000;
  private static final int MOST_STAGES = 8;

  private final ProcessRows sums;

  /** Of each stage the latest row that the leader has not been sent. */
  private final Map<String, MetricsRow> unsent = new LinkedHashMap<>(16, 0.75f, true);

  private final String source;
  private long sentAt = Long.MIN_VALUE / 2;
  private long errorsSent;
  private long errors;

  OwnRows(String source) {
    this.source = source;
    this.sums = new ProcessRows(source);
  }

  String source() {
    return source;
  }

  /** A report of one of the process's sources. */
  void take(SourceReport report) {
    report.rows().forEach(sums::take);
  }

  /** The sum by now, for the judge of this process. */
  SourceReport report() {
    List<MetricsRow> rows = sums.rows();
    for (MetricsRow row : rows) {
      unsent.put(row.epoch() + "/" + row.stage(), row);
      if (unsent.size() > MOST_STAGES) {
        unsent.remove(unsent.keySet().iterator().next());
      }
      errors = row.of(Provider.FOUNDRY).totals().all().get(Counter.ERRORS);
    }
    return new SourceReport(source, rows, List.of(), List.of(), false);
  }

  /** The body to send to the leader now, if it is time. */
  Optional<JsonObject> due(long nowMillis) {
    boolean early = errors == errorsSent && nowMillis - sentAt < SEND_MILLIS;
    return early ? Optional.empty() : rest(nowMillis);
  }

  /** The body that tells the leader all that it has not been sent. */
  Optional<JsonObject> rest(long nowMillis) {
    if (unsent.isEmpty()) {
      return Optional.empty();
    }
    sentAt = nowMillis;
    errorsSent = errors;
    SourceReport report =
        new SourceReport(source, List.copyOf(unsent.values()), List.of(), List.of(), false);
    unsent.clear();
    return Optional.of(RowsJson.write(report));
  }
}
