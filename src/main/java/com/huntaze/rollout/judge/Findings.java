package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.window.Metric;
import com.huntaze.rollout.judge.window.WindowCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that is wrong in one tick's figures: each rule over each metric. Pure. */
final class Findings {
  /** The rules that decide, in this order. */
  private static final List<Rule> DECIDING =
      List.of(Rule.BREAKER, Rule.PLAIN, Rule.SEQ, Rule.DIFFERENCE, Rule.SEGMENT);

  private final HealthSettings settings;
  private final PlainRule plain;
  private final Map<Rule, RuleJudge> judges = new EnumMap<>(Rule.class);

  Findings(HealthSettings settings) {
    this.settings = settings;
    plain = new PlainRule(settings);
    for (Rule rule : Rule.values()) {
      judges.put(rule, judge(rule));
    }
  }

  private RuleJudge judge(Rule rule) {
    return switch (rule) {
      case PLAIN -> plain;
      case SEQ -> new SequentialRule(settings);
      case BREAKER -> new BreakerRule(settings);
      case DIFFERENCE -> new DifferenceRule(settings);
      case SEGMENT -> new SegmentRule(settings);
      case SHARE -> new ShareRule();
      case NOTICE -> new NotFoundRule(settings);
    };
  }

  /** Returns the findings of each rule, those first that roll back. */
  List<Finding> of(HealthMetrics metrics) {
    List<Finding> found = new ArrayList<>();
    DECIDING.forEach(rule -> found(rule, metrics).forEach(found::add));
    found.removeIf(finding -> finding.action() == Action.OBSERVE);
    if (metrics.shared().holds()) {
      found.removeIf(Findings::waitsForLegacy);
    }
    found.sort(Comparator.comparing(Finding::action));
    return found;
  }

  /** The plain rule is the seed's: it looks at Foundry alone. */
  static boolean waitsForLegacy(Finding finding) {
    return finding.rule() == Rule.BREAKER
        || finding.rule() == Rule.SEQ && finding.metric() == Metric.ERROR_RATE;
  }

  /** The same for whoever judges: a test without alpha to spend only alerts. */
  List<Finding> of(HealthMetrics metrics, Standing standing) {
    return of(metrics).stream()
        .map(finding -> decides(finding.rule(), standing) ? finding : finding.alerting())
        .sorted(Comparator.comparing(Finding::action))
        .toList();
  }

  private static boolean decides(Rule rule, Standing standing) {
    return switch (rule) {
      case PLAIN, BREAKER, NOTICE, SHARE -> true;
      case SEQ -> standing != Standing.FOLLOWER;
      case DIFFERENCE, SEGMENT -> standing == Standing.LEADER;
    };
  }

  /** Returns the findings that people should know of, and that decide nothing. */
  List<Finding> notices(HealthMetrics metrics) {
    return Stream.concat(found(Rule.NOTICE, metrics), found(Rule.SHARE, metrics)).toList();
  }

  private Stream<Finding> found(Rule rule, HealthMetrics metrics) {
    RuleJudge judge = judges.get(rule);
    return Metric.judgedBy(rule).flatMap(metric -> judge.judge(metric, metrics).stream());
  }

  /**
   * Returns the sentences of the metrics over their limits in the window, whatever its size; empty
   * if there are none.
   */
  List<String> overLimit(HealthMetrics metrics) {
    return exceeded(metrics).map(metric -> plain.over(metric, metrics)).toList();
  }

  /** The metrics over their limits in the window, whatever its size, that may act. */
  Stream<Metric> exceeded(HealthMetrics metrics) {
    WindowCounts window = metrics.foundryWindow();
    return Metric.judgedBy(Rule.PLAIN)
        .filter(metric -> metric.action(settings) != Action.OBSERVE)
        .filter(metric -> plain.exceeds(metric, window.of(metric)));
  }

  /** The sentence of a window in which nothing is over its limit. */
  String healthy(WindowCounts window) {
    return Metric.ALL.stream()
        .filter(metric -> metric.provenFor() != null)
        .map(metric -> plain.under(metric, window.of(metric)))
        .collect(Collectors.joining("; ", "healthy: ", ""));
  }
}
