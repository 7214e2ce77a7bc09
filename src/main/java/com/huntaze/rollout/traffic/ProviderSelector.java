package com.huntaze.rollout.traffic;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;

/**
 * The feature flag: which provider a request goes to under a mode (the seed's selectProvider,
 * Property 1; requirements 3.1 and 3.2).
 */
public final class ProviderSelector {
  private final TrafficSplitter splitter;

  public ProviderSelector(TrafficSplitter splitter) {
    this.splitter = splitter;
  }

  /**
   * Chooses for a judged request: the mode's provider, or in mode canary the splitter's.
   *
   * @param userKey the normalised user key, {@code null} = keyless
   */
  public ProviderChoice choose(ProviderMode mode, String userKey) {
    return switch (mode) {
      case FOUNDRY -> new ProviderChoice(Provider.FOUNDRY, Reason.MODE);
      case LEGACY -> new ProviderChoice(Provider.LEGACY, Reason.MODE);
      case CANARY -> split(userKey);
    };
  }

  /**
   * Chooses for a request on a route that is not judged. Such a request without a user key takes no
   * step of the keyless sequence, or a page of static files would shift the split of the AI
   * requests between them: it stays on legacy until Foundry has everything.
   */
  public ProviderChoice chooseUnjudged(ProviderMode mode, String userKey) {
    if (mode != ProviderMode.CANARY || userKey != null) {
      return choose(mode, userKey);
    }
    Provider provider = splitter.percentage() == 100 ? Provider.FOUNDRY : Provider.LEGACY;
    return new ProviderChoice(provider, Reason.WEIGHT);
  }

  /** Returns whether a choice was Foundry's by its share, and that share is zero by now. */
  public boolean withdrawn(ProviderChoice choice) {
    boolean byShare = choice.reason() == Reason.WEIGHT || choice.reason() == Reason.STICKY;
    return byShare && choice.provider() == Provider.FOUNDRY && splitter.percentage() == 0;
  }

  /** Tells whether Foundry has no share under a mode, so that only what it made is its own. */
  public boolean isWithdrawn(ProviderMode mode) {
    return mode == ProviderMode.LEGACY || mode == ProviderMode.CANARY && splitter.percentage() == 0;
  }

  private ProviderChoice split(String userKey) {
    Provider provider = splitter.shouldUseFoundry(userKey) ? Provider.FOUNDRY : Provider.LEGACY;
    return new ProviderChoice(provider, userKey == null ? Reason.WEIGHT : Reason.STICKY);
  }
}
