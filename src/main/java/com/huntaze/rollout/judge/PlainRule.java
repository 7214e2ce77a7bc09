package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.sequential.EvidenceFigures;
import com.huntaze.rollout.judge.sequential.LeaveOneOut;
import com.huntaze.rollout.judge.window.Counts;
import com.huntaze.rollout.judge.window.Figure;
import com.huntaze.rollout.judge.window.Measure;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.Standout;
import com.huntaze.rollout.judge.window.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The plain rule, in whole numbers: at least N observations, and strictly more than the limit.
 * Nearest-rank p95 is over T exactly when more than 5 % of the observations are. Source: the
 * statistics of the canary, 5.
 */
final class PlainRule implements RuleJudge {
  private final HealthSettings settings;
  private final Thresholds limits;

  PlainRule(HealthSettings settings) {
    this.settings = settings;
    limits = Thresholds.of(settings);
  }

  @Override
  public Optional<Finding> judge(Metric metric, HealthMetrics metrics) {
    EvidenceFigures evidence = metrics.sequential().of(metric);
    boolean contradicted =
        settings.plain().confirm()
            && evidence.isAny()
            && evidence.lnEWithoutOne() < LeaveOneOut.LEAST;
    return contradicted ? Optional.empty() : unconfirmed(metric, metrics);
  }

  /** The same, whatever the sequential test says of it. */
  Optional<Finding> unconfirmed(Metric metric, HealthMetrics metrics) {
    Counts window = metrics.foundryWindow().of(metric);
    long samples = window.get(metric.denominator());
    if (!isEnough(samples) || !exceeds(metric, window)) {
      return Optional.empty();
    }
    EvidenceFigures evidence = metrics.sequential().of(metric);
    boolean beside = evidence.isAny();
    Measure measure = metric.measure();
    return Optional.of(
        new Finding(
            metric,
            Rule.PLAIN,
            metric.action(settings),
            measure.told(window.rate(metric)),
            measure.bound(limits.of(metric)),
            samples,
            beside ? evidence.lnE() : 0,
            beside ? evidence.threshold() : 0,
            sentence(metric, metrics, evidence)));
  }

  private String sentence(Metric metric, HealthMetrics metrics, EvidenceFigures evidence) {
    if (!evidence.isAny()) {
      return over(metric, metrics);
    }
    String strength =
        evidence.lnE() < Math.log(2)
            ? "the sequential test does not agree: may be chance"
            : evidence.rarity();
    return over(metric, metrics) + "; " + strength;
  }

  /** The sentence of a window over its limit, and whose that is: one user's, or legacy's, too. */
  String over(Metric metric, HealthMetrics metrics) {
    Counts window = metrics.foundryWindow().of(metric);
    List<String> parts = new ArrayList<>();
    parts.add(over(metric, window));
    Standout most = metrics.standouts().get(metric);
    if (most != null) {
      parts.add(most.sentence(metric, window.get(metric.numerator())));
    }
    Counts legacy = metrics.legacyWindow().of(metric);
    if (metric == Metric.ERROR_RATE && exceeds(metric, legacy)) {
      parts.add("legacy failed %s in the same time".formatted(Figure.percent(legacy.rate(metric))));
    }
    return String.join("; ", parts);
  }

  /** Returns whether a window is over the metric's limit, whatever its size. */
  boolean exceeds(Metric metric, Counts window) {
    return metric
        .measure()
        .exceeds(
            limits.of(metric), window.get(metric.numerator()), window.get(metric.denominator()));
  }

  /** Returns whether so many observations are enough for the rule to decide. */
  boolean isEnough(long observations) {
    return observations >= limits.minRequests();
  }

  /** The sentence of a window that is over the metric's limit. */
  String over(Metric metric, Counts window) {
    return metric
        .measure()
        .over(
            metric.inSentence(),
            limits.of(metric),
            window.get(metric.numerator()),
            window.get(metric.denominator()));
  }

  /** The sentence of one that is not. */
  String under(Metric metric, Counts window) {
    return metric
        .measure()
        .under(
            metric.inSentence(),
            limits.of(metric),
            window.get(metric.numerator()),
            window.get(metric.denominator()));
  }
}
