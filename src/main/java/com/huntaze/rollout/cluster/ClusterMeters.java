package com.huntaze.rollout.cluster;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The metrics of one member of the cluster. */
final class ClusterMeters {
  private final AtomicInteger members = new AtomicInteger(1);
  private final AtomicLong dropped = new AtomicLong();

  ClusterMeters(MeterRegistry registry) {
    Gauge.builder("rollout.cluster.members", members, AtomicInteger::get)
        .description("Members of the cluster that this one sees, itself included.")
        .register(registry);
    FunctionCounter.builder("rollout.cluster.frames.dropped", dropped, AtomicLong::get)
        .description("Frames of other members that were not taken, and own ones too large to send.")
        .register(registry);
  }

  void members(int count) {
    members.set(count);
  }

  void dropped() {
    dropped.incrementAndGet();
  }

  long allDropped() {
    return dropped.get();
  }
}
