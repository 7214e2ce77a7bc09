package com.huntaze.rollout.cluster;

import com.huntaze.rollout.quota.SharedLimit;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The metrics of one member of the cluster. */
final class ClusterMeters {
  /** Series of parts, whatever the number of keys. */
  static final int MOST_LIMITS = 128;

  private final AtomicInteger members = new AtomicInteger(1);
  private final AtomicInteger missing = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final MultiGauge shares;

  /** Those that are told. A gauge does not keep what it asks. */
  private List<SharedLimit> limits = List.of();

  ClusterMeters(MeterRegistry registry) {
    Gauge.builder("rollout.cluster.members", members, AtomicInteger::get)
        .description("Members of the cluster that this one sees, itself included.")
        .register(registry);
    Gauge.builder("rollout.cluster.members.missing", missing, AtomicInteger::get)
        .description("Members that this one knows and does not hear; none that left in order.")
        .register(registry);
    FunctionCounter.builder("rollout.cluster.frames.dropped", dropped, AtomicLong::get)
        .description("Frames of other members that were not taken, and own ones too large to send.")
        .register(registry);
    shares =
        MultiGauge.builder("rollout.limit.share")
            .description("The part of a limit of all members that is this one's, 0..1.")
            .register(registry);
  }

  void members(int count) {
    members.set(count);
  }

  void missing(int count) {
    missing.set(count);
  }

  /** The limits in force: of each, this member's part is told as it is when somebody asks. */
  void limits(List<SharedLimit> inForce) {
    List<SharedLimit> now = inForce.stream().limit(MOST_LIMITS).toList();
    if (!now.equals(limits)) {
      limits = now;
      shares.register(now.stream().map(ClusterMeters::row).toList(), true);
    }
  }

  private static MultiGauge.Row<SharedLimit> row(SharedLimit limit) {
    return MultiGauge.Row.of(Tags.of("limit", limit.label()), limit, SharedLimit::share);
  }

  void dropped() {
    dropped.incrementAndGet();
  }

  long allDropped() {
    return dropped.get();
  }
}
