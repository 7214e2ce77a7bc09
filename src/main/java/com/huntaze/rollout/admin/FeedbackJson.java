package com.huntaze.rollout.admin;

import com.huntaze.rollout.judge.sequential.Interval;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.quality.Difference;
import com.huntaze.rollout.quality.Estimate;
import com.huntaze.rollout.quality.FeedbackSummary;
import com.huntaze.rollout.quality.SideBySide;
import com.huntaze.rollout.quality.Subject;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Callers' judgements as people and dashboards read them. */
final class FeedbackJson {
  private FeedbackJson() {}

  static JsonObject of(FeedbackSummary summary, Subject by) {
    JsonArray rows = new JsonArray();
    summary
        .rows()
        .forEach(
            (value, sides) ->
                rows.add(new JsonObject().put(by.label(), value).mergeIn(sideBySide(sides))));
    JsonObject labels = new JsonObject();
    for (Provider provider : Provider.values()) {
      Map<String, Long> counts = summary.labels().get(provider);
      JsonObject counted = new JsonObject();
      if (counts != null) {
        counts.forEach(counted::put);
      }
      labels.put(provider.label(), counted);
    }
    return new JsonObject()
        .put("by", by.label())
        .put("hours", 24)
        .put("confidence", 0.95)
        .put("total", sideBySide(summary.total()))
        .put("labels", labels)
        .put("rows", rows);
  }

  private static JsonObject sideBySide(SideBySide sides) {
    Difference difference = sides.difference();
    return new JsonObject()
        .put("foundry", estimate(sides.foundry()))
        .put("legacy", estimate(sides.legacy()))
        .put(
            "difference",
            new JsonObject()
                .put("mean", difference.mean())
                .put("interval", interval(difference.interval()))
                .put("method", difference.method()));
  }

  private static JsonObject estimate(Estimate estimate) {
    return new JsonObject()
        .put("count", estimate.count())
        .put("mean", estimate.mean())
        .put("variance", estimate.variance())
        .put("interval", interval(estimate.interval()))
        .put("method", estimate.method().label());
  }

  private static JsonArray interval(Interval interval) {
    return new JsonArray().add(interval.low()).add(interval.high());
  }
}
