package com.huntaze.rollout.proxy;

import com.huntaze.rollout.breaker.ProviderBreaker;
import com.huntaze.rollout.failover.Deadlines;
import com.huntaze.rollout.failover.FailoverPolicy;
import com.huntaze.rollout.failover.RetryBudget;
import com.huntaze.rollout.failover.RetryPolicy;
import com.huntaze.rollout.failover.RetrySettings;
import com.huntaze.rollout.provider.Provider;
import java.time.Duration;
import java.util.Map;

/**
 * The means by which exchanges go on after a failure.
 *
 * @param enabled whether legacy may answer in Foundry's stead
 * @param breakers shared by the process
 * @param budget shared by the process
 * @param retries the settings by provider
 * @param probePatience how long it takes at most until a silent Foundry is known to be down
 */
public record Failover(
    boolean enabled,
    Map<Provider, ProviderBreaker> breakers,
    RetryBudget budget,
    Map<Provider, RetrySettings> retries,
    TimeoutSettings timeouts,
    Duration probePatience,
    FailoverPolicy policy) {

  /** Puts the policy together from the settings. */
  public static Failover of(
      boolean enabled,
      Map<Provider, ProviderBreaker> breakers,
      RetryBudget budget,
      Map<Provider, RetrySettings> retries,
      TimeoutSettings timeouts,
      Duration probePatience) {
    FailoverPolicy policy =
        new FailoverPolicy(
            new RetryPolicy(retries.get(Provider.FOUNDRY)),
            new RetryPolicy(retries.get(Provider.LEGACY)),
            new Deadlines(
                timeouts.toFirstContent().toMillis(), timeouts.fallbackReserve().toMillis()));
    return new Failover(enabled, breakers, budget, retries, timeouts, probePatience, policy);
  }

  ProviderBreaker breaker(Provider provider) {
    return breakers.get(provider);
  }
}
