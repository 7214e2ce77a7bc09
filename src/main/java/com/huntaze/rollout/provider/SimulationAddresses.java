package com.huntaze.rollout.provider;

/**
 * The addresses at which simulated providers are broken and repaired; nobody answers without a
 * simulation.
 */
public final class SimulationAddresses {
  /**
   * Request: {@code {"fault": "errors"}} breaks the simulated Foundry, {@code none} repairs it. The
   * reply is as of {@link #GET}; an unknown fault fails with 400.
   */
  public static final String BREAK = "rollout.simulate.break";

  /** Request: {@code {"fault": "errors", "faults": ["errors", …, "none"]}}. */
  public static final String GET = "rollout.simulate.get";

  /** Published: what {@link #GET} answers, whenever somebody breaks or repairs it. */
  public static final String CHANGED = "rollout.simulate.changed";

  private SimulationAddresses() {}
}
