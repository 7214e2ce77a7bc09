package com.huntaze.rollout.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The edges of the buckets of a histogram of durations: from 10 ms to 5 min, closest where limits
 * usually are, and the configured limits, so that the share of slow requests is exact.
 */
final class DurationEdges {
  private static final List<Duration> USUAL =
      LongStream.of(
              10, 50, 100, 250, 500, 750, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 7_500,
              10_000, 20_000, 30_000, 60_000, 300_000)
          .mapToObj(Duration::ofMillis)
          .toList();

  /** The number of edges, at most, with one limit. */
  static final int MOST = USUAL.size() + 1;

  private DurationEdges() {}

  static Duration[] of(Duration... limits) {
    return Stream.concat(USUAL.stream(), Stream.of(limits))
        .sorted()
        .distinct()
        .toArray(Duration[]::new);
  }
}
