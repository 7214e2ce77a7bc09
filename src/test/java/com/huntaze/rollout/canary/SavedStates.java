package com.huntaze.rollout.canary;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** States as a leader writes them. */
public final class SavedStates {
  private SavedStates() {}

  /** That of a leader of a term, with a share that was set by hand. */
  public static Saved saved(long term, int percentage) {
    Position position =
        new Position(term, 7, new Phase("canary_50"), 1, percentage, false, true, 99);
    return new Saved(
        new CanarySnapshot(new Epoch(3, "a"), null, position),
        0,
        OptionalInt.empty(),
        Map.of(),
        List.of());
  }
}
