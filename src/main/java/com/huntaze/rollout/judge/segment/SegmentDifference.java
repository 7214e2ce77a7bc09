package com.huntaze.rollout.judge.segment;

import com.huntaze.rollout.judge.difference.Difference;
import com.huntaze.rollout.judge.difference.Trait;
import java.util.Map;

/**
 * One part of the traffic: Foundry's users in it beside legacy's.
 *
 * @param figures by trait, those of {@code DifferenceScope.SEGMENT}
 */
public record SegmentDifference(Segment segment, Map<Trait, Difference> figures) {
  /** Tells whether Foundry's users are worse off in it by any trait. */
  public boolean worse() {
    return figures.values().stream().anyMatch(Difference::worse);
  }
}
