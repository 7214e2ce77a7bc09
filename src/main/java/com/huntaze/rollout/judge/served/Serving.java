package com.huntaze.rollout.judge.served;

/** The provider that has answered a request on which the split decides. */
public enum Serving {
  /** Foundry, for which the split chose it. */
  FOUNDRY,
  /** Legacy, for which the split chose it. */
  LEGACY,
  /** The other provider, after Foundry had been asked in vain. */
  FAILED_OVER,
  /** The other provider: Foundry was not even asked, its breaker open or its probe down. */
  NOT_ASKED;

  /** Tells whether the split chose Foundry for it. */
  boolean isChosenForFoundry() {
    return this != LEGACY;
  }
}
