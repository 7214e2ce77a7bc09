package com.huntaze.rollout.cost;

import java.util.OptionalLong;

/**
 * A cost.
 *
 * @param nanoUsd nano-USD; of an unknown cost what is known of it
 */
public record Cost(long nanoUsd, CostKind kind) {
  /** Nothing was used. */
  public static final Cost ZERO = new Cost(0, CostKind.EXACT);

  public static final Cost UNKNOWN = new Cost(0, CostKind.UNKNOWN);

  public static Cost exact(long nanoUsd) {
    return new Cost(nanoUsd, CostKind.EXACT);
  }

  /** Both together, known as well as the worse of them. */
  public Cost plus(Cost other) {
    return new Cost(Math.addExact(nanoUsd, other.nanoUsd), kind.and(other.kind));
  }

  /** Tells whether the amount is known. */
  public boolean isKnown() {
    return kind != CostKind.UNKNOWN;
  }

  /** The amount, empty when it is not known. */
  public OptionalLong known() {
    return kind == CostKind.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(nanoUsd);
  }
}
