package com.huntaze.rollout.simulate;

import com.huntaze.rollout.Cases;

/** Faults of a simulated backend. */
public final class SimulateCases {
  private SimulateCases() {}

  /** Adds them. */
  public static void addTo(Cases cases) {
    cases.examples(
        Fault.errorRate(0.5),
        Fault.slow(2),
        Fault.throttle(1),
        Fault.slowStart(10),
        Fault.junk(0.5));
  }
}
