package com.huntaze.rollout.cost;

/** The addresses of the costs on the event bus. */
public final class CostAddresses {
  /**
   * Request with the label of a {@link Dimension}; the reply is what {@code GET /api/v1/costs}
   * answers.
   */
  public static final String GET = "rollout.costs.get";

  private CostAddresses() {}
}
