package com.huntaze.rollout.bus;

import com.huntaze.rollout.canary.CanaryAddresses;
import com.huntaze.rollout.canary.FleetAddresses;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The figures that replicas ask each other for. */
public enum Figure {
  /** The books, by one dimension. */
  COSTS(FleetAddresses.COSTS_HERE),
  FEEDBACK(FleetAddresses.FEEDBACK_HERE),
  REQUESTS(FleetAddresses.REQUESTS_HERE),
  /** Breakers and probes. */
  PROVIDERS(FleetAddresses.PROVIDERS_HERE),
  /** The rows of the charts, where each replica keeps its own. */
  HISTORY(FleetAddresses.HISTORY_HERE),
  /** The latest evaluation. */
  HEALTH(CanaryAddresses.HEALTH_GET),
  STATE(CanaryAddresses.GET);

  private final String address;

  Figure(String address) {
    this.address = address;
  }

  /** The name between replicas. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The place in a process that tells them. */
  public String address() {
    return address;
  }

  /** The one of this name, if this version has it. */
  public static Optional<Figure> of(String label) {
    return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst();
  }
}
