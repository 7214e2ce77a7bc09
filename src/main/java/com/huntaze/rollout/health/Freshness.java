package com.huntaze.rollout.health;

import java.util.List;

/**
 * The age of the figures.
 *
 * @param sources how many live sources there are
 * @param stale those that have been silent for too long, sorted
 * @param sinceObservation milliseconds since Foundry's last observation in this stage, or since the
 *     stage began or was restored
 * @param awaited whether there has been none since
 */
public record Freshness(int sources, List<String> stale, long sinceObservation, boolean awaited) {

  /** Copies the list, so that the record never changes. */
  public Freshness {
    stale = List.copyOf(stale);
  }

  /** Returns whether every source has spoken lately, and there is one. */
  public boolean isFresh() {
    return sources > 0 && stale.isEmpty();
  }
}
