package com.huntaze.rollout.breaker;

import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.provider.Provider;
import io.vertx.core.json.JsonObject;

/** A circuit breaker's state in words. */
final class BreakerWords {
  private BreakerWords() {}

  /** As on the event bus and in metrics. */
  static String kind(BreakerState state) {
    if (state instanceof BreakerState.Closed) {
      return "closed";
    } else if (state instanceof BreakerState.Open) {
      return "open";
    } else if (state instanceof BreakerState.HalfOpen) {
      return "half_open";
    }
    throw new AssertionError(state);
  }

  /**
   * For the event bus.
   *
   * @param usersLately the distinct users of its last minutes
   */
  static JsonObject json(Provider provider, BreakerState state, int usersLately) {
    return new JsonObject()
        .put("provider", provider.label())
        .put("state", kind(state))
        .put("users", state.users().count())
        .put("usersLately", usersLately)
        .put("earlier", state instanceof BreakerState.Open open ? open.earlier().proven() : 0);
  }

  /**
   * For the log.
   *
   * @param maxFailures how many failed exchanges in a row open it
   */
  static String sentence(Provider provider, BreakerState state, int maxFailures) {
    if (state instanceof BreakerState.Open open) {
      return "open after %d consecutive failed exchanges or a failed trial, %s"
          .formatted(maxFailures, BreakerAlerts.consequence(provider, open));
    }
    if (state instanceof BreakerState.Closed) {
      return "closed, requests pass";
    }
    if (state instanceof BreakerState.HalfOpen) {
      return "half-open, one trial at a time passes";
    }
    throw new AssertionError(state);
  }

  /** The end of a part of a sentence about another one. */
  static String beside(Provider other, BreakerState state) {
    return ", %s's is %s".formatted(other.label(), kind(state).replace('_', '-'));
  }
}
