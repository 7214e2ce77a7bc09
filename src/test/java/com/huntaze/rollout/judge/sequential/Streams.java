package com.huntaze.rollout.judge.sequential;

import java.util.SplittableRandom;

/** The bit-exact streams of the statistics of the canary, section 7. */
public final class Streams {
  private Streams() {}

  /**
   * The source of one repetition.
   *
   * @param scenario the error rate in 0.1 %
   */
  public static SplittableRandom of(int scenario, int rep) {
    return new SplittableRandom(1_000_000L * scenario + rep);
  }
}
