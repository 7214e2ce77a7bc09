package com.huntaze.rollout.cluster;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that a replica which is to have others beside it has seen none for long. */
final class AloneWatch {
  private static final Logger log = LoggerFactory.getLogger(AloneWatch.class);

  /** Others that start with it have come by then. */
  private static final long ALONE_MILLIS = 30_000;

  private final ClusterSettings settings;
  private long since;
  private boolean told;

  AloneWatch(ClusterSettings settings, long nowMillis) {
    this.settings = settings;
    this.since = nowMillis;
  }

  /** Looks around. */
  void look(int others, long nowMillis) {
    if (others > 0) {
      since = nowMillis;
      told = false;
    } else if (!told && nowMillis - since >= ALONE_MILLIS) {
      told = true;
      log.warn(
          "This replica has been alone in cluster {} for {} s: it judges its own traffic, and nobody"
              + " else's (expected: other members at {})",
          settings.name(),
          ALONE_MILLIS / 1_000,
          settings.discovery().text());
    }
  }
}
