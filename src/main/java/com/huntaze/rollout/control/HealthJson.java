package com.huntaze.rollout.control;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.judge.HealthMetrics;
import com.huntaze.rollout.judge.MetricRow;
import com.huntaze.rollout.judge.Note;
import com.huntaze.rollout.judge.RollbackDecision;
import com.huntaze.rollout.judge.RollbackStatus;
import com.huntaze.rollout.judge.SegmentRow;
import com.huntaze.rollout.judge.sequential.CusumRun;
import com.huntaze.rollout.judge.sequential.EvidenceFigures;
import com.huntaze.rollout.judge.sequential.Interval;
import com.huntaze.rollout.judge.sequential.SequentialFigures;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.StageTotals;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The body of {@code rollout.health}: plain maps and lists, so that it can be kept as evidence. */
final class HealthJson {
  /** Rows of parts of the traffic that are told, those first that are worse. */
  private static final int MOST_PARTS = 33;

  private HealthJson() {}

  static JsonObject of(
      Instant at,
      HealthMetrics metrics,
      RollbackDecision decision,
      RollbackStatus status,
      List<Note> notes) {
    return new JsonObject()
        .put("at", at.toString())
        .put("epoch", metrics.epoch())
        .put("stage", metrics.stage())
        .put("verdict", decision.verdict().label())
        .put("hold", decision.hold().label())
        .put("sentence", decision.sentence())
        .put("findings", decision.findings().stream().map(Trees::of).toList())
        .put("notices", decision.notices().stream().map(Trees::of).toList())
        .put("metrics", rows(decision.rows(), notes))
        .put("segments", segments(decision))
        .put("gates", rows(decision.gates()))
        .put("promotion", Trees.of(decision.promotion()))
        .put("foundry", CanaryJson.metrics(metrics.foundry()).getMap())
        .put("legacy", CanaryJson.metrics(metrics.legacy()).getMap())
        .put("foundryWindow", metrics.foundryWindow().named())
        .put("legacyWindow", metrics.legacyWindow().named())
        .put("foundryTotals", totals(metrics.foundryTotals()))
        .put("legacyTotals", totals(metrics.legacyTotals()))
        .put("freshness", Trees.of(metrics.freshness()))
        .put("sequential", sequential(metrics.sequential()))
        .put("breaker", breaker(metrics.breaker(), metrics.foundryWindow().of(Metric.ERROR_RATE)))
        .put("notFound", notFound(metrics))
        .put("comparison", Trees.of(metrics.comparison()))
        .put("limits", Trees.of(status));
  }

  /** With what rules that are only watched would have done. */
  private static List<Object> rows(List<MetricRow> rows, List<Note> notes) {
    List<Object> told = new ArrayList<>();
    for (MetricRow row : rows) {
      Map<String, Object> each = row(row);
      each.put(
          "wouldHave",
          notes.stream()
              .filter(note -> note.tellsOfDryRun() && note.metric().label().equals(row.metric()))
              .map(HealthJson::note)
              .toList());
      told.add(each);
    }
    return told;
  }

  /** Puts the interval of the difference from legacy beside each metric that has one. */
  static void tellDifferences(JsonObject health, Map<Metric, Interval> differences) {
    for (Object each : health.getJsonArray("metrics")) {
      JsonObject row = (JsonObject) each;
      differences.entrySet().stream()
          .filter(of -> of.getKey().label().equals(row.getString("metric")))
          .forEach(of -> row.put("difference", difference(of.getKey(), of.getValue())));
    }
  }

  /** Puts beside each gate why it is not waited for; {@code null} = it is. */
  static void tellHeld(JsonObject health, String held) {
    JsonArray gates = health.getJsonArray("gates");
    for (int i = 0; i < gates.size(); i++) {
      gates.getJsonObject(i).put("held", held);
    }
  }

  private static Map<String, Object> difference(Metric metric, Interval interval) {
    boolean times = metric.trait() != null && !metric.trait().isShare();
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("low", interval.low());
    told.put("high", interval.high());
    told.put("unit", times ? "times" : "points");
    told.put("text", times ? times(interval) : points(interval));
    return told;
  }

  /** Such as {@code -0.3 to +4.1 points}. */
  private static String points(Interval interval) {
    return String.format(
        Locale.ROOT, "%+.1f to %+.1f points", 100 * interval.low(), 100 * interval.high());
  }

  /** Such as {@code 0.92 to 1.31 times}. */
  private static String times(Interval interval) {
    return String.format(Locale.ROOT, "%.2f to %.2f times", interval.low(), interval.high());
  }

  private static Map<String, Object> note(Note note) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("rule", note.rule().name().toLowerCase(Locale.ROOT));
    told.put("action", note.action().name().toLowerCase(Locale.ROOT));
    told.put("stage", note.stage());
    told.put("at", Instant.ofEpochMilli(note.at()).toString());
    told.put("sentence", note.text());
    return told;
  }

  /** A list that may be added to. */
  private static List<Object> rows(List<MetricRow> rows) {
    return rows.stream().map(HealthJson::row).collect(Collectors.toCollection(ArrayList::new));
  }

  /** A row as every reader prints it. */
  static Map<String, Object> row(MetricRow row) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("metric", row.metric());
    told.put("title", row.title());
    told.put("action", row.action() == null ? null : row.action().name().toLowerCase(Locale.ROOT));
    told.put("actual", row.actual());
    told.put("limit", row.limit());
    told.put("legacy", row.legacy());
    told.put("samples", row.samples());
    told.put("state", row.state().label());
    told.put("sentence", row.sentence());
    return told;
  }

  private static Map<String, Object> segments(RollbackDecision decision) {
    List<SegmentRow> parts = decision.segments();
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("compared", parts.stream().map(SegmentRow::segment).distinct().count());
    told.put("rows", parts.stream().limit(MOST_PARTS).map(HealthJson::segment).toList());
    return told;
  }

  private static Map<String, Object> segment(SegmentRow part) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("kind", part.segment().kind().label());
    told.put("name", part.segment().name());
    told.putAll(row(part.row()));
    return told;
  }

  private static Map<String, Object> totals(StageTotals totals) {
    Map<String, Object> sampled = new LinkedHashMap<>(totals.sampled().told());
    sampled.put("costWealth", totals.costWealth());
    return Map.of("all", totals.all().told(), "sampled", sampled);
  }

  private static Map<String, Object> sequential(SequentialFigures sequential) {
    Map<String, Object> told = new LinkedHashMap<>();
    sequential
        .evidence()
        .forEach((metric, evidence) -> told.put(metric.testName(), evidence(evidence)));
    Counts foundry = sequential.arms().foundry();
    Counts legacy = sequential.arms().legacy();
    told.put(
        "arms",
        Map.of(
            "canary", foundry.get(Metric.BASELINE.denominator()),
            "canaryErrors", foundry.get(Metric.BASELINE.numerator()),
            "baseline", legacy.get(Metric.BASELINE.denominator()),
            "baselineErrors", legacy.get(Metric.BASELINE.numerator())));
    told.put("keys", sequential.keys());
    return told;
  }

  private static Map<String, Object> evidence(EvidenceFigures evidence) {
    Metric metric = evidence.metric();
    CusumRun run = evidence.run();
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("status", evidence.status().name().toLowerCase(Locale.ROOT));
    told.put("lnE", evidence.lnE());
    told.put("threshold", evidence.threshold());
    told.put("lnEWithoutOne", evidence.lnEWithoutOne());
    told.put("samples", evidence.samples());
    told.put("hits", evidence.hits());
    told.put(
        "stretch",
        Map.of(
            "nats", run.nats(),
            "samples", run.counts().get(metric.denominator()),
            "sum", run.counts().get(metric.numerator()),
            "besideSamples", run.beside().get(metric.denominator()),
            "besideSum", run.beside().get(metric.numerator())));
    return told;
  }

  private static Map<String, Object> breaker(BreakerFacts breaker, Counts lately) {
    return Map.of(
        "open", breaker.open(),
        "probeDown", breaker.probeDown(),
        "firstTrialFailed", breaker.firstTrialFailed(),
        "lately", share(Metric.BREAKER, lately),
        "users", breaker.users(),
        "openings", breaker.openings());
  }

  private static Map<String, Object> notFound(HealthMetrics metrics) {
    return Map.of(
        "foundry", share(Metric.NOT_FOUND, metrics.foundryWindow().of(Metric.NOT_FOUND)),
        "legacy", share(Metric.NOT_FOUND, metrics.legacyWindow().of(Metric.NOT_FOUND)));
  }

  private static Map<String, Object> share(Metric metric, Counts counts) {
    return Map.of("hits", counts.get(metric.numerator()), "n", counts.get(metric.denominator()));
  }
}
