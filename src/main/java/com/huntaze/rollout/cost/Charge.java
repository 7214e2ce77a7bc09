package com.huntaze.rollout.cost;

import com.huntaze.rollout.provider.Provider;

/**
 * What one attempt at a provider cost: a row of the ledger.
 *
 * @param model the model as the answer names it, else as the request does; {@code null} = neither
 * @param usage what was used, by estimate where the cost is one; {@code null} = not known
 */
public record Charge(Provider provider, String model, Usage usage, Cost cost) {

  /** Whether only the model's price is missing. */
  public boolean unpriced() {
    return usage != null && cost.kind() == CostKind.UNKNOWN;
  }
}
