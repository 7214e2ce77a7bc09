package com.huntaze.rollout.admission;

import com.huntaze.rollout.provider.Provider;
import com.huntaze.rollout.provider.ProviderMode;

/**
 * The receivers of the keys that clients send: the fields of {@code credentials.foundry} and {@code
 * query}.
 */
public enum ClientKeys {
  /** Foundry's: legacy gets none. */
  FOUNDRY,
  /** Legacy's: Foundry gets none. */
  LEGACY,
  /** Both providers take the same keys. */
  BOTH,
  /** Nobody's: they end at the proxy. */
  NONE;

  /**
   * The receivers by a configuration. Where {@code auth.clientKeys} says nothing, the keys are
   * legacy's while Foundry cannot be meant: it is never asked, or has a credential of the proxy's
   * own. Where a key of the proxy's is required, that one ends here, by whatever name it is sent,
   * and what else a client sends stays Foundry's.
   *
   * @param foundryHasOwn whether {@code providers.foundry.headers} sets a credential
   */
  public static ClientKeys of(AuthSettings auth, ProviderMode mode, boolean foundryHasOwn) {
    if (auth.clientKeys() != null) {
      return auth.clientKeys();
    }
    boolean legacys = !auth.required() && (mode == ProviderMode.LEGACY || foundryHasOwn);
    return legacys ? LEGACY : FOUNDRY;
  }

  /** Tells whether a provider may get them. */
  public boolean areFor(Provider provider) {
    return switch (this) {
      case FOUNDRY -> provider == Provider.FOUNDRY;
      case LEGACY -> provider == Provider.LEGACY;
      case BOTH -> true;
      case NONE -> false;
    };
  }
}
