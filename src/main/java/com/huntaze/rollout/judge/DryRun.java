package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.Action;
import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.window.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The findings of rules that are only watched: of each metric whose action is less than it could
 * be, and of each rule that is off, what it would have done. They are noted, and decide nothing.
 * Pure.
 */
final class DryRun {
  private final HealthSettings settings;
  private final PlainRule plain;
  private final SequentialRule sequential;
  private final DifferenceRule difference;
  private final SegmentRule segment;

  DryRun(HealthSettings settings) {
    this.settings = settings;
    plain = new PlainRule(settings);
    sequential = new SequentialRule(settings);
    difference = new DifferenceRule(settings);
    segment = new SegmentRule(settings);
  }

  /** Returns the findings as they would have been acted on, where they are not. */
  List<Finding> of(HealthMetrics metrics) {
    List<Finding> found = new ArrayList<>();
    Stream.of(Rule.PLAIN, Rule.SEQ, Rule.DIFFERENCE, Rule.SEGMENT)
        .forEach(
            rule ->
                Metric.judgedBy(rule)
                    .forEach(metric -> watched(rule, metric, metrics).ifPresent(found::add)));
    if (metrics.shared().holds()) {
      found.removeIf(Findings::waitsForLegacy);
    }
    return found;
  }

  private Optional<Finding> watched(Rule rule, Metric metric, HealthMetrics metrics) {
    return reason(rule, metric, metrics)
        .flatMap(
            why -> found(rule, metric, metrics).map(finding -> finding.as(most(rule), rule, why)));
  }

  /** Returns why the rule does not act on the metric as it could; empty = it does. */
  private Optional<String> reason(Rule rule, Metric metric, HealthMetrics metrics) {
    Action action = metric.action(settings);
    if (action != most(rule)) {
      String set = action.name().toLowerCase(Locale.ROOT);
      return Optional.of("health.%s.action is %s".formatted(metric.settingKey(), set));
    }
    if (rule == Rule.SEQ && !settings.sequential().enabled()) {
      return Optional.of("health.sequential.enabled is false");
    }
    boolean unconfirmed =
        rule == Rule.PLAIN && settings.plain().confirm() && plain.judge(metric, metrics).isEmpty();
    return unconfirmed ? Optional.of("health.plain.confirm is true") : Optional.empty();
  }

  /** A comparison of the users never rolls back. */
  private static Action most(Rule rule) {
    return rule == Rule.DIFFERENCE || rule == Rule.SEGMENT ? Action.ALERT : Action.ROLLBACK;
  }

  private Optional<Finding> found(Rule rule, Metric metric, HealthMetrics metrics) {
    return switch (rule) {
      case PLAIN -> plain.unconfirmed(metric, metrics);
      case SEQ -> sequential.whetherEnabledOrNot(metric, metrics);
      case DIFFERENCE -> difference.judge(metric, metrics);
      case SEGMENT -> segment.judge(metric, metrics);
      case BREAKER, SHARE, NOTICE ->
          throw new AssertionError("rule: " + rule + " (expected: one that can be watched)");
    };
  }
}
