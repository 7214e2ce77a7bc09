package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.BreakerFacts;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.RolloutPlan;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.MetricRow.State;
import com.huntaze.rollout.judge.sequential.EvidenceStatus;
import com.huntaze.rollout.judge.sequential.SequentialFigures;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Figure;
import com.huntaze.rollout.judge.window.Measure;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Metric.Counter;
import java.util.List;

/** The rows of one tick's figures. Pure. */
final class MetricRows {
  private final HealthSettings settings;
  private final RolloutPlan plan;
  private final PlainRule plain;
  private final NotFoundRule notFound;
  private final DifferenceRule difference;

  MetricRows(HealthSettings settings, RolloutPlan plan) {
    this.settings = settings;
    this.plan = plan;
    plain = new PlainRule(settings);
    notFound = new NotFoundRule(settings);
    difference = new DifferenceRule(settings);
  }

  /** One row for each metric. */
  List<MetricRow> of(HealthMetrics metrics) {
    return Metric.ALL.stream().map(metric -> row(metric, metrics)).toList();
  }

  /**
   * Returns the conditions of a promotion besides the metrics and the bake time, which is the
   * machine's.
   */
  List<MetricRow> gates(HealthMetrics metrics) {
    long seen = metrics.foundryTotals().all().get(Counter.OBSERVED);
    long wanted = Math.max(1, plan.promoteMinRequests());
    List<String> stale = metrics.freshness().stale();
    String silent = stale.isEmpty() ? "all speak" : "%d silent".formatted(stale.size());
    return List.of(
        MetricRow.of(
            "observations",
            "Observations",
            Long.toString(seen),
            ">= " + wanted,
            seen,
            seen < wanted ? State.WAITING : State.OK,
            "%d of %d observations of foundry".formatted(seen, wanted)),
        MetricRow.of(
            "fresh_figures",
            "Fresh figures",
            silent,
            "all speak",
            metrics.freshness().sources(),
            metrics.freshness().isFresh() ? State.OK : State.NO_DATA,
            stale.isEmpty() ? silent : "silent sources: " + String.join(", ", stale)));
  }

  private MetricRow row(Metric metric, HealthMetrics metrics) {
    if (metric.isJudgedBy(Rule.PLAIN)) {
      return ofLimit(metric, metrics);
    } else if (metric.isJudgedBy(Rule.NOTICE)) {
      return ofNotice(metric, metrics);
    }
    if (metric.isJudgedBy(Rule.DIFFERENCE)) {
      return difference.row(
          metric, metric.title(), metric.inSentence(), metrics.difference(metric));
    }
    if (metric.isJudgedBy(Rule.SHARE)) {
      return ShareRule.row(metric, metrics.served());
    }
    return metric.isJudgedBy(Rule.BREAKER)
        ? ofBreaker(metric, metrics.breaker())
        : ofComparison(metric, metrics);
  }

  private MetricRow ofLimit(Metric metric, HealthMetrics metrics) {
    Counts window = metrics.foundryWindow().of(metric);
    Measure measure = metric.measure();
    long limit = metric.limit(settings);
    boolean over = plain.exceeds(metric, window);
    String actual =
        metric.time() == null
            ? measure.text(window.rate(metric), limit)
            : Figure.millis(metrics.p95().getOrDefault(metric, 0.0));
    return row(
        metric,
        window,
        actual,
        "<= " + measure.held(limit),
        null,
        over ? State.OVER : State.OK,
        over ? plain.over(metric, window) : plain.under(metric, window),
        measure.bound(limit));
  }

  private MetricRow ofNotice(Metric metric, HealthMetrics metrics) {
    Counts foundry = metrics.foundryWindow().of(metric);
    Counts legacy = metrics.legacyWindow().of(metric);
    double limit = notFound.limit(metric, legacy);
    boolean over = notFound.exceeds(metric, foundry, legacy);
    boolean few = foundry.get(metric.denominator()) < metric.windowLeast();
    State enough = few ? State.WAITING : State.OK;
    return row(
        metric,
        foundry,
        Figure.percent(foundry.rate(metric), limit),
        "<= " + Figure.percent(limit),
        Figure.percent(legacy.rate(metric)),
        over ? State.OVER : enough,
        notFound.sentence(metric, foundry, legacy),
        limit);
  }

  /** Over what is allowed by chance alone is nothing yet: the sequential test says when it is. */
  private MetricRow ofComparison(Metric metric, HealthMetrics metrics) {
    SequentialFigures sequential = metrics.sequential();
    Counts foundry = sequential.arms().foundry();
    Counts legacy = sequential.arms().legacy();
    double limit = settings.baseline().allowed(legacy.rate(metric));
    boolean over = sequential.of(metric).status() == EvidenceStatus.EXCEEDED;
    State unproven = foundry.rate(metric) > limit ? State.WAITING : State.OK;
    return row(
        metric,
        foundry,
        Figure.percent(foundry.rate(metric), limit),
        "<= " + Figure.percent(limit),
        Figure.percent(legacy.rate(metric)),
        over ? State.OVER : unproven,
        "error rate %s of %d against legacy's %s of %d (allowed: %s)"
            .formatted(
                Figure.percent(foundry.rate(metric), limit),
                foundry.get(metric.denominator()),
                Figure.percent(legacy.rate(metric)),
                legacy.get(metric.denominator()),
                Figure.percent(limit)),
        limit);
  }

  private MetricRow ofBreaker(Metric metric, BreakerFacts breaker) {
    String actual = breaker.open() ? "open" : "not open";
    return new MetricRow(
        metric.label(),
        metric.title(),
        metric.action(settings),
        actual,
        "not open",
        null,
        0,
        breaker.open() ? State.OVER : State.OK,
        "circuit breaker of foundry is " + actual,
        breaker.open() ? 1 : 0,
        0);
  }

  private MetricRow row(
      Metric metric,
      Counts counts,
      String actual,
      String limit,
      String legacy,
      State state,
      String sentence,
      double bound) {
    long samples = counts.get(metric.denominator());
    boolean none = samples == 0;
    // What nobody knows is neither 0 nor missing.
    long unpriced = none && metric.beside() == Counter.UNPRICED ? counts.get(Counter.UNPRICED) : 0;
    String absent = unpriced == 0 ? "-" : "unknown";
    String why =
        unpriced == 0
            ? "no observation yet"
            : "the cost of %d answers is unknown (expected: a price for their model)"
                .formatted(unpriced);
    return new MetricRow(
        metric.label(),
        metric.title(),
        metric.action(settings),
        none ? absent : actual,
        limit,
        legacy,
        samples,
        none ? State.NO_DATA : state,
        none ? why : sentence,
        none ? Double.NaN : metric.measure().told(counts.rate(metric)),
        bound);
  }
}
