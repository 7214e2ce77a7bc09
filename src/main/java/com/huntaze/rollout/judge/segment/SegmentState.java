package com.huntaze.rollout.judge.segment;

import com.huntaze.rollout.judge.difference.DifferenceState;
import java.util.List;

/**
 * The knowledge of the parts of the traffic that is kept over a restart.
 *
 * @param parts in the order in which they came
 */
public record SegmentState(List<Part> parts) {
  /** Copies the list, so that the record never changes; what is missing has never been. */
  public SegmentState {
    parts = parts == null ? List.of() : List.copyOf(parts);
  }

  /** One part's. */
  public record Part(Segment segment, DifferenceState state) {}
}
