package com.huntaze.rollout.breaker;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.CircuitBreakerSettings;
import com.huntaze.rollout.provider.Provider;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Alerts of a circuit breaker's changes. */
final class BreakerAlerts {
  private BreakerAlerts() {}

  /**
   * The alert of a change; empty when nobody need know.
   *
   * @param before {@code null} = nothing was told before
   */
  static Optional<Alert> of(
      Provider provider, BreakerState before, BreakerState now, CircuitBreakerSettings settings) {
    if (before != null && before.getClass() == now.getClass()) {
      // The breaker's turns overtake each other, so that a state may be told twice.
      return Optional.empty();
    }
    String name = provider.label();
    if (now instanceof BreakerState.Open open) {
      String cause =
          before instanceof BreakerState.HalfOpen
              ? "its trial has failed"
              : "%d requests in a row have failed".formatted(settings.maxFailures());
      String sentence =
          "Circuit breaker of %s is open, %s: %s"
              .formatted(name, cause, consequence(provider, open));
      return Optional.of(alert(Alert.Kind.BREAKER_OPEN, name, sentence));
    }
    if (now instanceof BreakerState.Closed) {
      String sentence =
          "Circuit breaker of %s is closed: a trial has succeeded, requests pass.".formatted(name);
      return Optional.of(alert(Alert.Kind.BREAKER_CLOSED, name, sentence));
    }
    if (now instanceof BreakerState.HalfOpen) {
      return Optional.empty();
    }
    throw new AssertionError(now);
  }

  /** The effect of an open breaker: nobody stands behind legacy. */
  static String consequence(Provider provider, BreakerState.Open open) {
    return provider == Provider.LEGACY
        ? "only a few requests at a time are sent to it until one succeeds"
        : "nothing is sent to it for %d s while legacy can answer"
            .formatted(TimeUnit.MILLISECONDS.toSeconds(open.waitMillis()));
  }

  private static Alert alert(Alert.Kind kind, String name, String sentence) {
    return Alert.of(kind, "breaker " + name, sentence, System.currentTimeMillis());
  }
}
