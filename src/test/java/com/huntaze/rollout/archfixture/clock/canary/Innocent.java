package com.huntaze.rollout.archfixture.clock.canary;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/** Is told the time, and a seed. */
final class Innocent {
  private final Random seeded = new Random(1);

  Instant after(InstantSource clock) {
    return clock.instant().plusMillis(seeded.nextInt(5));
  }
}
