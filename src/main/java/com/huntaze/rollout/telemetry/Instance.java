package com.huntaze.rollout.telemetry;

import java.util.UUID;

/** The name of this process among the replicas, in logs. */
final class Instance {
  /** The host's name, which a container's orchestrator gives; random where there is none. */
  static final String NAME = name(System.getenv("HOSTNAME"));

  private Instance() {}

  private static String name(String host) {
    return host == null || host.isBlank() ? UUID.randomUUID().toString() : host;
  }
}
