package com.huntaze.rollout.proxy;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.ProviderSelector;
import com.huntaze.rollout.traffic.Reason;

/** Chooses the provider of a request: override, then the route's own rule, then mode and split. */
final class Chooser {
  private final ProviderMode mode;
  private final ProviderSelector selector;

  Chooser(ProviderMode mode, ProviderSelector selector) {
    this.mode = mode;
    this.selector = selector;
  }

  /**
   * @param key the client's key, {@code null} = none that is known
   */
  ProviderChoice choose(Identity identity, ApiKeySettings key) {
    if (key != null && key.mayOverride() && identity.override() != null) {
      return new ProviderChoice(identity.override(), Reason.OVERRIDE);
    }
    if (identity.route().health() && mode != ProviderMode.LEGACY) {
      return new ProviderChoice(Provider.FOUNDRY, Reason.MODE);
    }
    return identity.route().judged()
        ? selector.choose(mode, identity.userKey())
        : selector.chooseUnjudged(mode, identity.userKey());
  }
}
