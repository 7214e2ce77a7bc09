package com.huntaze.rollout.judge.segment;

import com.huntaze.rollout.judge.difference.Trait;
import java.util.Comparator;
import java.util.List;

/**
 * All parts of the traffic at one tick.
 *
 * @param parts those that are compared, as they came
 * @param failures Foundry's last failures; {@code null} = too few to tell anything of
 * @param costs of Foundry's last answers; {@code null} = none is known
 */
public record SegmentFigures(
    List<SegmentDifference> parts, FailureFigures failures, CostFigures costs) {
  /** Nothing is parted. */
  public static final SegmentFigures NONE = new SegmentFigures(List.of(), null, null);

  /** Copies the list, so that the record never changes. */
  public SegmentFigures {
    parts = List.copyOf(parts);
  }

  /**
   * Returns the parts in which Foundry's users are worse off by a trait, the worst first: a part of
   * it has all of it.
   */
  public List<SegmentDifference> worse(Trait trait) {
    return parts.stream()
        .filter(part -> part.figures().containsKey(trait) && part.figures().get(trait).worse())
        .sorted(Comparator.comparingDouble(part -> -part.figures().get(trait).distance()))
        .toList();
  }
}
