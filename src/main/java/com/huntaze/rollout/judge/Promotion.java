package com.huntaze.rollout.judge;

import java.util.List;
import java.util.stream.Stream;

/**
 * The data's readiness for a promotion. (The bake time is the machine's.)
 *
 * @param ready whether nothing is missing and the verdict is healthy
 * @param observationsMissing how many more the stage must have
 * @param missing one sentence for each thing that is missing
 */
public record Promotion(boolean ready, long observationsMissing, List<String> missing) {
  /** Copies the list, so that the record never changes. */
  public Promotion {
    missing = List.copyOf(missing);
  }

  /** The same, with one more thing that is missing. */
  Promotion lacking(String lack) {
    return new Promotion(
        false, observationsMissing, Stream.concat(missing.stream(), Stream.of(lack)).toList());
  }
}
