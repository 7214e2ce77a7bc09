package com.huntaze.rollout.archfixture.clock.health;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** Looks at clocks and throws dice. */
final class Clocks {
  final List<Object> seen =
      List.of(
          System.currentTimeMillis(),
          System.nanoTime(),
          Instant.now(),
          LocalDate.now(),
          Clock.systemUTC(),
          InstantSource.system(),
          ThreadLocalRandom.current().nextInt(),
          Math.random(),
          UUID.randomUUID(),
          new Random());
  final LongSupplier reference = System::nanoTime;
}
