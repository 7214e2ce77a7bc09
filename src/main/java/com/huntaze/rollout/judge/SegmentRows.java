package com.huntaze.rollout.judge;

import com.huntaze.rollout.health.HealthSettings;
import com.huntaze.rollout.health.Rule;
import com.huntaze.rollout.judge.MetricRow.State;
import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.segment.SegmentDifference;
import com.huntaze.rollout.judge.window.Metric;
import java.util.Comparator;
import java.util.List;

/** The rows of the parts of the traffic, those first in which Foundry's users are worse off. */
final class SegmentRows {
  private final DifferenceRule difference;

  SegmentRows(HealthSettings settings) {
    difference = new DifferenceRule(settings);
  }

  List<SegmentRow> of(HealthMetrics metrics) {
    return metrics.segments().parts().stream()
        .flatMap(part -> Metric.judgedBy(Rule.SEGMENT).map(metric -> row(metric, part)))
        .filter(part -> part.row().row().state() != State.NO_DATA)
        .sorted(
            Comparator.<Distant>comparingInt(part -> part.row().row().state() == State.OVER ? 0 : 1)
                .thenComparingDouble(part -> -part.distance()))
        .map(Distant::row)
        .toList();
  }

  /** A row, and how far Foundry's figure is from legacy's. */
  private record Distant(SegmentRow row, double distance) {}

  private Distant row(Metric metric, SegmentDifference part) {
    Difference figures = part.figures().get(metric.trait());
    MetricRow row =
        difference.row(
            metric,
            "%s, %s".formatted(metric.title(), part.segment().text()),
            SegmentRule.what(metric, part.segment()),
            figures);
    return new Distant(new SegmentRow(part.segment(), row), figures.distance());
  }
}
