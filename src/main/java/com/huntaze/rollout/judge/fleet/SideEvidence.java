package com.huntaze.rollout.judge.fleet;

import com.huntaze.rollout.judge.window.SourceReport;
import java.util.List;
import java.util.Map;

/**
 * The findings of a judge of one side of a parted fleet, for the judge of another one that it
 * meets.
 *
 * @param share of the rollout's wealth with which it has judged, above 0, at most 1
 * @param knowledge its checkpoint as a tree; its sums are of what it has seen itself
 * @param rows of each process all that it has judged
 */
public record SideEvidence(double share, Map<String, Object> knowledge, List<SourceReport> rows) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the share is none
   */
  public SideEvidence {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share: " + share + " (expected: above 0, at most 1)");
    }
    rows = List.copyOf(rows);
  }
}
