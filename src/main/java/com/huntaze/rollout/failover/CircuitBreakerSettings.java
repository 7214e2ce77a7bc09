package com.huntaze.rollout.failover;

import com.huntaze.rollout.settings.Setting;
import java.time.Duration;

/**
 * Settings of a provider's circuit breaker: the failures that open it, and the time that it stays
 * open.
 *
 * @param maxFailures the consecutive failed exchanges that open it
 * @param resetTimeout how long it stays open before a trial request
 * @param trials when its trials begin
 */
public record CircuitBreakerSettings(
    @Setting(
            value =
                "The consecutive failed exchanges, of anyone, that open the breaker. The retries of"
                    + " one exchange are one failure.",
            byDefault = "5",
            min = "1",
            max = "1000")
        int maxFailures,
    @Setting(
            value = "How long the breaker stays open before a trial request.",
            byDefault = "'30s'",
            min = "10ms",
            max = "1h")
        Duration resetTimeout,
    @Setting(
            value =
                "When trial requests begin: `single`, each after `resetTimeout`; `backoff`, after"
                    + " 1 s, then after twice the time each, up to `resetTimeout`.",
            byDefault = "'single'")
        TrialPace trials) {
  /** With a trial after each reset timeout. */
  public CircuitBreakerSettings(int maxFailures, Duration resetTimeout) {
    this(maxFailures, resetTimeout, TrialPace.SINGLE);
  }
}
