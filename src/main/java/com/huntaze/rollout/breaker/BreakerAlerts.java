package com.huntaze.rollout.breaker;

import com.huntaze.rollout.canary.Alert;
import com.huntaze.rollout.failover.BreakerState;
import com.huntaze.rollout.failover.FailedUsers;
import com.huntaze.rollout.provider.Provider;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Alerts of a circuit breaker's changes. */
final class BreakerAlerts {
  /** In less time a provider that fails need not have been asked so often that it opens. */
  static final long SURE_MILLIS = 60_000;

  private BreakerAlerts() {}

  /**
   * The failures that opened a breaker.
   *
   * @param most how many in a row open it
   * @param kinds the kinds of the latest of them; empty = not known
   * @param beside the other provider's breaker at the same time, as a part of a sentence; empty =
   *     there is none
   * @param renewed whether the provider is another one by now, of which nothing is known
   */
  record Failures(int most, String kinds, String beside, boolean renewed) {
    /**
     * The failures of one of several breakers.
     *
     * @param before its state until now; {@code null} = nothing was told before
     * @param maxFailures of its settings
     */
    static Failures of(
        Provider provider,
        BreakerState before,
        Map<Provider, ProviderBreaker> breakers,
        int maxFailures) {
      // A trial is one attempt.
      int latest = before instanceof BreakerState.HalfOpen ? 1 : maxFailures;
      String beside =
          breakers.entrySet().stream()
              .filter(other -> other.getKey() != provider)
              .map(other -> BreakerWords.beside(other.getKey(), other.getValue().state()))
              .collect(Collectors.joining());
      ProviderBreaker own = breakers.get(provider);
      return new Failures(maxFailures, own.lastFailures(latest), beside, own.isRenewing());
    }

    private String inBrackets() {
      return kinds.isEmpty() ? "" : " (%s)".formatted(kinds);
    }
  }

  /**
   * The alert of a change; empty when nobody need know.
   *
   * @param before {@code null} = nothing was told before
   */
  static Optional<Alert> of(
      Provider provider, BreakerState before, BreakerState now, Failures failures) {
    if (before != null && before.getClass() == now.getClass()) {
      // The breaker's turns overtake each other, so that a state may be told twice.
      return Optional.empty();
    }
    String name = provider.label();
    if (now instanceof BreakerState.Open open) {
      String cause =
          before instanceof BreakerState.HalfOpen
              ? "its trial has failed" + failures.inBrackets()
              : "%d requests in a row have failed%s%s"
                  .formatted(failures.most(), failures.inBrackets(), users(open));
      String sentence =
          "Circuit breaker of %s is open, %s%s: %s"
              .formatted(name, cause, failures.beside(), consequence(provider, open));
      return Optional.of(alert(Alert.Kind.BREAKER_OPEN, name, sentence));
    }
    if (now instanceof BreakerState.Closed) {
      String cause =
          failures.renewed()
              ? "%s is at another address now, where nothing has been asked yet".formatted(name)
              : "a trial has succeeded";
      String sentence =
          "Circuit breaker of %s is closed: %s, requests pass.".formatted(name, cause);
      return Optional.of(alert(Alert.Kind.BREAKER_CLOSED, name, sentence));
    }
    if (now instanceof BreakerState.HalfOpen) {
      return Optional.empty();
    }
    throw new AssertionError(now);
  }

  private static String users(BreakerState.Open open) {
    int users = open.users().count();
    return users == 0
        ? ""
        : ", of %s%d %s"
            .formatted(
                users >= FailedUsers.MOST ? "at least " : "", users, users == 1 ? "user" : "users");
  }

  /** The end of what an earlier process has told. */
  static Alert well(Provider provider) {
    String sentence =
        "Circuit breaker of %s is closed since the start.".formatted(provider.label());
    return alert(Alert.Kind.BREAKER_CLOSED, provider.label(), sentence);
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
