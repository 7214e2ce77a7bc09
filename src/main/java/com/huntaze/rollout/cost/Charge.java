package com.huntaze.rollout.cost;

import com.huntaze.rollout.provider.Provider;

/**
 * The cost of one attempt at a provider: a row of the ledger.
 *
 * @param model the model as the answer names it, else as the request does; {@code null} = neither
 * @param deployment the deployment that answered, {@code null} = not known
 * @param region the region in which it runs, {@code null} = not known
 * @param usage what was used, by estimate where the cost is one; {@code null} = not known
 */
public record Charge(
    Provider provider, String model, String deployment, String region, Usage usage, Cost cost) {

  /** A charge of which nobody knows where it arose. */
  public Charge(Provider provider, String model, Usage usage, Cost cost) {
    this(provider, model, null, null, usage, cost);
  }

  /** Returns whether only the model's price is missing. */
  public boolean unpriced() {
    return usage != null && cost.kind() == CostKind.UNKNOWN;
  }
}
