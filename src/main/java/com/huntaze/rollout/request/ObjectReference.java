package com.huntaze.rollout.request;

import com.huntaze.rollout.provider.Provider;

/**
 * The object that a request is about, which one provider alone has.
 *
 * @param maker that provider, {@code null} = it is not known which one
 * @param inBody whether the body names it; else the path does
 */
public record ObjectReference(String id, Provider maker, boolean inBody) {
  /** Tells whether its maker is known: then nobody else is asked. */
  public boolean isBound() {
    return maker != null;
  }
}
