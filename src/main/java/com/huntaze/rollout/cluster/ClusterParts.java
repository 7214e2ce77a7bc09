package com.huntaze.rollout.cluster;

import com.huntaze.rollout.bus.Bus;
import com.huntaze.rollout.lease.AgreedLog;
import com.huntaze.rollout.quota.SharedLimits;
import com.huntaze.rollout.watch.FileWatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/**
 * The parts of a cluster verticle.
 *
 * @param files the process's watch of files
 * @param replicaId who this replica is
 * @param version of the program
 * @param registry where it is counted
 * @param configuration the hash of the configuration in force, of what all members have in common
 * @param limits those that all members have in common
 * @param agreed the log of the voters, {@code null} = nobody votes
 */
public record ClusterParts(
    Bus bus,
    FileWatch files,
    ClusterSettings settings,
    String replicaId,
    String version,
    MeterRegistry registry,
    Supplier<String> configuration,
    SharedLimits limits,
    AgreedLog agreed) {

  /** The source by which the judge knows a process. */
  static String source(String replicaId) {
    return "replica-" + replicaId;
  }
}
