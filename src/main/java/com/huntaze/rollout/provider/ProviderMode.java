package com.huntaze.rollout.provider;

import java.util.Locale;

/** The destinations of requests (the seed's {@code AI_PROVIDER}). */
public enum ProviderMode {
  /** Everything goes to Foundry; verdicts only alert. */
  FOUNDRY,
  /** Everything goes to legacy; nothing is judged. */
  LEGACY,
  /** The canary's percentage goes to Foundry, the rest to legacy. */
  CANARY;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name on the wire and in the configuration: {@code canary}. */
  public String label() {
    return label;
  }
}
