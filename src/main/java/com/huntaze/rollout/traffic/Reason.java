package com.huntaze.rollout.traffic;

import java.util.Locale;

/** The reason for a request's provider; shown in {@code X-AI-Reason}, logs and metrics. */
public enum Reason {
  /** The provider mode names one provider for everything. */
  MODE,
  /** The canary's share, for a request without a user key. */
  WEIGHT,
  /** The canary's share, by the bucket of the user key. */
  STICKY,
  /** It is about an object that this provider alone has: a file, a conversation, a job. */
  BOUND,
  /** The caller asked for this provider and may. */
  OVERRIDE,
  /** Legacy served in Foundry's stead. */
  FALLBACK;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name on the wire. */
  public String label() {
    return label;
  }
}
