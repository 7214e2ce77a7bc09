package com.huntaze.rollout.simulate;

import java.util.HashMap;
import java.util.Map;

/** Counts the demo requests of one span of time. One thread uses it. */
final class TrafficTally {
  /** A proxy that names more providers than this is not ours; the rest are counted as unnamed. */
  private static final int MAX_NAMES = 16;

  private long errors;
  private long served;
  private long dropped;
  private Map<String, Long> servedBy = new HashMap<>();

  void error() {
    errors++;
  }

  void served(String provider) {
    boolean known = servedBy.containsKey(provider) || servedBy.size() < MAX_NAMES;
    servedBy.merge(known ? provider : TrafficSummary.UNNAMED, 1L, Long::sum);
    served++;
  }

  void dropped(long requests) {
    dropped += requests;
  }

  /** Hands out the counts and starts again at zero. */
  TrafficSummary take(long millis) {
    TrafficSummary summary = new TrafficSummary(millis, errors + served, errors, dropped, servedBy);
    errors = 0;
    served = 0;
    dropped = 0;
    servedBy = new HashMap<>();
    return summary;
  }
}
