package com.huntaze.rollout.store;

import com.huntaze.rollout.cost.Dimension;
import com.huntaze.rollout.cost.LedgerPeriod;
import com.huntaze.rollout.cost.LedgerSnapshot;
import com.huntaze.rollout.cost.LedgerTotals;
import com.huntaze.rollout.cost.NanoUsd;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** The books as people and dashboards read them: the body of {@code GET /api/v1/costs}. */
final class CostsJson {
  private CostsJson() {}

  static JsonObject of(LedgerSnapshot ledger, Dimension by) {
    return new JsonObject()
        .put("by", by.label())
        .put("currency", "USD")
        .put("total", totals(ledger.total().total()))
        .put("rows", rows(ledger.total(), by))
        .put("hours", periods(ledger.hours(), by))
        .put("days", periods(ledger.days(), by));
  }

  private static JsonArray periods(List<LedgerPeriod> periods, Dimension by) {
    JsonArray all = new JsonArray();
    for (LedgerPeriod period : periods) {
      all.add(
          new JsonObject()
              .put("from", Instant.ofEpochMilli(period.from()).toString())
              .put("total", totals(period.total()))
              .put("rows", rows(period, by)));
    }
    return all;
  }

  private static JsonArray rows(LedgerPeriod period, Dimension by) {
    JsonArray rows = new JsonArray();
    period
        .by()
        .get(by)
        .forEach(
            (value, sum) -> rows.add(new JsonObject().put(by.label(), value).mergeIn(totals(sum))));
    return rows;
  }

  private static JsonObject totals(LedgerTotals sum) {
    return new JsonObject()
        .put("requests", sum.requests())
        .put("exact", sum.exact())
        .put("estimated", sum.estimated())
        .put("unknown", sum.unknown())
        .put("costNanoUsd", sum.costKnown() ? sum.nanoUsd() : null)
        .put("costUsd", sum.costKnown() ? NanoUsd.format(sum.nanoUsd()) : null)
        .put("inputTokens", sum.inputTokens())
        .put("outputTokens", sum.outputTokens())
        .put("cachedTokens", sum.cachedTokens())
        .put("reasoningTokens", sum.reasoningTokens());
  }
}
