package com.huntaze.rollout.provider;

import java.util.Locale;

/** One of the two AI backends behind the proxy, as the seed names them. */
public enum Provider {
  /** The Python AI router in front of Azure AI Foundry: the canary. */
  FOUNDRY,
  /** The backend that traffic is moved away from: the baseline, and the fallback. */
  LEGACY;

  private final String label = name().toLowerCase(Locale.ROOT);

  /**
   * The provider of a name on the wire.
   *
   * @param label {@code foundry} or {@code legacy}
   * @return the provider
   * @throws IllegalArgumentException if it is none
   */
  public static Provider of(String label) {
    for (Provider provider : values()) {
      if (provider.label.equals(label)) {
        return provider;
      }
    }
    throw new IllegalArgumentException(
        "provider: %s (expected: foundry or legacy)".formatted(label));
  }

  /** {@return the name on the wire: {@code foundry} or {@code legacy}} */
  public String label() {
    return label;
  }
}
