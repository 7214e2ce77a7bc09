package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.segment.Segment;
import com.huntaze.rollout.judge.segment.SegmentDifference;
import com.huntaze.rollout.judge.window.Metric;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The rule that Foundry's users are worse off than legacy's in one part of the traffic. Of several
 * parts the worst is told in full, the others by name.
 */
final class SegmentRule implements RuleJudge {
  /** Parts that a sentence names. */
  private static final int NAMED = 4;

  private final DifferenceRule difference;

  SegmentRule(HealthSettings settings) {
    difference = new DifferenceRule(settings);
  }

  @Override
  public Optional<Finding> judge(Metric metric, HealthMetrics metrics) {
    List<SegmentDifference> worse = metrics.segments().worse(metric.trait());
    if (worse.isEmpty()) {
      return Optional.empty();
    }
    Segment segment = worse.get(0).segment();
    Difference worst = worse.get(0).figures().get(metric.trait());
    String sentence = difference.sentence(what(metric, segment), worst) + others(worse);
    return Optional.of(difference.finding(metric, Rule.SEGMENT, worst, sentence));
  }

  /** The thing that is compared, such as {@code errors by user in model gpt-4o}. */
  static String what(Metric metric, Segment segment) {
    return "%s in %s".formatted(metric.inSentence(), segment.text());
  }

  private static String others(List<SegmentDifference> worse) {
    if (worse.size() < 2) {
      return "";
    }
    String named =
        worse.stream()
            .skip(1)
            .limit(NAMED)
            .map(part -> part.segment().text())
            .collect(Collectors.joining(", "));
    int more = worse.size() - 1 - NAMED;
    return "; worse in %s%s, too".formatted(named, more > 0 ? " and %d more".formatted(more) : "");
  }
}
