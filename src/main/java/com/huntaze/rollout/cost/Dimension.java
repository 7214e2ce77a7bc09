package com.huntaze.rollout.cost;

import java.util.Locale;
import java.util.Optional;

/** By what costs are broken down (requirement 5.4). */
public enum Dimension {
  MODEL,
  AGENT,
  TIER,
  PROVIDER,
  KEY,
  DEPLOYMENT,
  REGION;

  /** The name on the wire. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them, for those who have to name one. */
  public static String words() {
    return "model, agent, tier, provider, key, deployment or region";
  }

  /** The dimension of a name on the wire. */
  public static Optional<Dimension> of(String label) {
    for (Dimension dimension : values()) {
      if (dimension.label().equals(label)) {
        return Optional.of(dimension);
      }
    }
    return Optional.empty();
  }
}
