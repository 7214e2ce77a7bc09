package com.huntaze.rollout.proxy;

import com.huntaze.rollout.admission.ApiKeySettings;
import com.huntaze.rollout.admission.Refusal;
import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;
import com.huntaze.rollout.request.ObjectReference;
import com.huntaze.rollout.request.ObjectSettings.AfterRollback;
import com.huntaze.rollout.request.RequestInfo;
import com.huntaze.rollout.traffic.ProviderChoice;
import com.huntaze.rollout.traffic.ProviderSelector;
import com.huntaze.rollout.traffic.Reason;

/** Chooses the provider of a request: override, then the route's own rule, then mode and split. */
final class Chooser {
  private final ProviderMode mode;
  private final ProviderSelector selector;
  private final AfterRollback afterRollback;

  Chooser(ProviderMode mode, ProviderSelector selector, AfterRollback afterRollback) {
    this.afterRollback = afterRollback;
    this.mode = mode;
    this.selector = selector;
  }

  /**
   * The maker of an object if it is known, else the one where it is looked for first.
   *
   * @throws Refusal if Foundry alone has it, has no share any more, and shall not be asked
   */
  private ProviderChoice ofObject(ObjectReference object) throws Refusal {
    boolean refuses = afterRollback == AfterRollback.REFUSE && selector.isWithdrawn(mode);
    if (object.isBound()) {
      if (refuses && object.maker() == Provider.FOUNDRY) {
        throw Refusal.leftBehind();
      }
      return new ProviderChoice(object.maker(), Reason.BOUND);
    }
    boolean legacy = refuses || mode == ProviderMode.LEGACY;
    return new ProviderChoice(legacy ? Provider.LEGACY : Provider.FOUNDRY, Reason.MODE);
  }

  /**
   * @param key the client's key, {@code null} = none that is known
   * @throws Refusal if nobody who may be asked can answer
   */
  ProviderChoice choose(RequestInfo identity, ApiKeySettings key) throws Refusal {
    if (key != null && key.mayOverride() && identity.override() != null) {
      return new ProviderChoice(identity.override(), Reason.OVERRIDE);
    }
    if (identity.object() != null) {
      return ofObject(identity.object());
    }
    if (identity.route().isHealth() && mode != ProviderMode.LEGACY) {
      return new ProviderChoice(Provider.FOUNDRY, Reason.MODE);
    }
    return identity.route().judged()
        ? selector.choose(mode, identity.userKey())
        : selector.chooseUnjudged(mode, identity.userKey());
  }

  /** Returns whether a choice was Foundry's by its share, and that share is zero by now. */
  boolean withdrawn(ProviderChoice choice) {
    return selector.withdrawn(choice);
  }
}
