package com.huntaze.rollout.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The name of this process among the replicas, in logs. */
final class Instance {
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  /** The host's name, which in a container its orchestrator gives; random where there is none. */
  static final String NAME = name();

  private Instance() {}

  private static String name() {
    String told = System.getenv("HOSTNAME");
    String host = told == null || told.isBlank() ? ofKernel() : told;
    return host.isBlank() ? UUID.randomUUID().toString() : host.strip();
  }

  private static String ofKernel() {
    try {
      return Files.readString(HOST);
    } catch (IOException notLinux) {
      return "";
    }
  }
}
